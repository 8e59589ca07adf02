using System.Globalization;
using System.Runtime.ExceptionServices;
using MedTransfer.Training;

namespace MedTransfer.Trials;

/// <summary>
/// Which trial runs next, and what became of each. A trial waits only for those it needs. Of those that need not wait, the one with the most
/// work ahead of it, its own and that of the longest line of its descendants, goes first (highest level first): what several workers need
/// for the whole then depends on counts, never on times.
/// </summary>
public sealed class TrialSchedule
{
    // reasons, trials of each, and those that could not run, in the one line at the end
    private const int MostNamed = 3;

    private readonly int asked;
    private readonly List<Trial> waiting;
    private readonly HashSet<string> unfinished;
    private readonly Func<Trial, double> work;
    private readonly Action<TrialProgress>? progress;
    private readonly List<(Trial Trial, Exception Error)> failed = [];
    private readonly OrderedDictionary<string, Trial> leftOut = [];

    /// <param name="asked">Distinct trials.</param>
    /// <param name="pending">Those of them that are not done yet.</param>
    /// <param name="work">Work of a trial, above 0, in any unit.</param>
    /// <param name="progress">Told of everything that happens.</param>
    internal TrialSchedule(IReadOnlyList<Trial> asked, IReadOnlyList<Trial> pending, Func<Trial, double> work, Action<TrialProgress>? progress)
    {
        (this.asked, this.work, this.progress) = (asked.Count, work, progress);
        waiting = MostWorkAheadFirst(pending, work);
        unfinished = [.. pending.Select(trial => trial.Name)];
        var found = asked.Where(trial => !unfinished.Contains(trial.Name)).ToList();
        for (var i = 0; i < found.Count; i++)
            progress?.Invoke(new TrialProgress(found[i], TrialStage.Found, i + 1, asked.Count));
    }

    /// <summary>Takes the next trial that can run now; null where all that are left wait for others, or none is left.</summary>
    public Trial? TakeNext()
    {
        var next = waiting.FindIndex(trial => !trial.Spec.Needs.Any(unfinished.Contains));
        if (next < 0)
            return null;
        var trial = waiting[next];
        waiting.RemoveAt(next);
        Tell(trial, TrialStage.Started);
        return trial;
    }

    /// <summary>The trials that nobody has taken yet and that can still run, what is needed before what needs it.</summary>
    public IReadOnlyList<Trial> Waiting => [.. waiting];

    /// <summary>
    /// The trials that nobody has taken yet, in layers: those of the first need none of the others, those of each after it only trials of layers before. In a layer the one with the most work ahead of it is first.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Trial>> Layers()
    {
        var layers = new Dictionary<string, int>();
        var byName = waiting.ToDictionary(trial => trial.Name);
        int LayerOf(Trial trial) => layers.TryGetValue(trial.Name, out var known)
            ? known
            : layers[trial.Name] = trial.Spec.Needs.Where(byName.ContainsKey).Select(needed => LayerOf(byName[needed]) + 1).DefaultIfEmpty().Max();
        return [.. waiting.GroupBy(LayerOf).OrderBy(layer => layer.Key).Select(layer => layer.ToList())];
    }

    /// <summary>Distinct trials that were asked for.</summary>
    public int Asked => asked;

    /// <summary>Those of them that are over: done, failed or left out.</summary>
    public int Over => asked - unfinished.Count;

    /// <summary>How much a trial has to do, see <see cref="TrialRunner.Work"/>.</summary>
    public double Work(Trial trial) => work(trial);

    /// <summary>Whether a trial can't run any more, as one that it needs has failed.</summary>
    public bool IsLeftOut(Trial trial) => leftOut.ContainsKey(trial.Name);

    /// <summary>Takes a trial that waits, as it runs now, wherever; nothing where it was taken before.</summary>
    public void Take(Trial trial)
    {
        if (waiting.RemoveAll(other => other.Name == trial.Name) > 0)
            Tell(trial, TrialStage.Started);
    }

    /// <summary>An epoch of a taken trial ended.</summary>
    public void Trained(Trial trial, EpochRecord epoch) => Tell(trial, TrialStage.Trained, epoch);

    /// <summary>A taken trial has its artefacts.</summary>
    /// <param name="seconds">How long it took, where that is not the time since it was taken.</param>
    public void Done(Trial trial, double? seconds = null)
    {
        unfinished.Remove(trial.Name);
        Tell(trial, TrialStage.Done, seconds: seconds);
    }

    /// <summary>A taken trial has none: those that need it can't run.</summary>
    public void Fail(Trial trial, Exception error)
    {
        failed.Add((trial, error));
        unfinished.Remove(trial.Name);
        Tell(trial, TrialStage.Failed, error: Reason(error));
        LeaveOutWhatNeeds(trial);
    }

    /// <summary>Fails, when every trial is over, where one of them is missing.</summary>
    /// <exception cref="MedTransferException">One line that says what failed and why, and what could not run because of it.</exception>
    public void RequireAll()
    {
        if (failed.Count == 0)
            return;
        if (asked == 1)
            ExceptionDispatchInfo.Throw(failed[0].Error);
        // many fail for one reason, as where a disk is full: it is said once
        var groups = failed.GroupBy(failure => Reason(failure.Error)).ToList();
        var named = groups.Take(MostNamed).Select(same => $"{Named([.. same.Select(failure => $"{Title(failure.Trial)} (trial {failure.Trial.Name})")])}: {same.Key}");
        var reasons = string.Join("; ", named) + More(groups.Skip(MostNamed).Sum(same => same.Count()));
        var others = leftOut.Count == 0 ? "" : $" Not run without them: {Named([.. leftOut.Values.Select(Title)])}.";
        throw new MedTransferException(
            $"{failed.Count + leftOut.Count} of {asked} trials are missing. {reasons}.{others} The others are done and kept: run again for those that are missing.",
            failed[0].Error);
    }

    private void LeaveOutWhatNeeds(Trial trial)
    {
        // what one of them leaves out may be another of them
        foreach (var child in waiting.Where(other => other.Spec.Needs.Contains(trial.Name)).ToList())
        {
            if (!waiting.Remove(child))
                continue;
            unfinished.Remove(child.Name);
            leftOut.Add(child.Name, child);
            Tell(child, TrialStage.LeftOut);
            LeaveOutWhatNeeds(child);
        }
    }

    private void Tell(Trial trial, TrialStage stage, EpochRecord? epoch = null, string? error = null, double? seconds = null) =>
        progress?.Invoke(new TrialProgress(trial, stage, Over, asked, epoch, error, seconds));

    private static string Named(List<string> titles) => string.Join("; ", titles.Take(MostNamed)) + More(titles.Count - MostNamed);

    private static string More(int count) => count > 0 ? string.Create(CultureInfo.InvariantCulture, $"; and {count} more") : "";

    private static string Title(Trial trial) => $"{trial.Label}, seed {trial.Spec.Seed}";

    private static string Reason(Exception error) =>
        error is MedTransferException ? error.Message.TrimEnd('.') : MedTransferException.OfUnforeseen(error);

    // what is needed comes before what needs it: it has more ahead of it
    private static List<Trial> MostWorkAheadFirst(IReadOnlyList<Trial> pending, Func<Trial, double> work)
    {
        var children = pending.SelectMany(trial => trial.Spec.Needs.Select(needed => (needed, trial))).ToLookup(pair => pair.needed, pair => pair.trial);
        var ahead = new Dictionary<string, double>();

        double Ahead(Trial trial) => ahead.TryGetValue(trial.Name, out var known)
            ? known
            : ahead[trial.Name] = work(trial) + children[trial.Name].Select(Ahead).DefaultIfEmpty().Max();

        return [.. pending.OrderByDescending(Ahead)];   // stable: equals stay in the order asked
    }
}
