using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>
/// Runs trials on a Slurm cluster, whose nodes see the same folders: a job array, or several, for each layer of dependencies, after that of the layer before. What becomes of a trial is read from its folder, so that a
/// recipe that was left, or whose machine was switched off, finds on its return what it would have seen.
/// </summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="jobs">The folder that holds what was submitted.</param>
/// <param name="options">What jobs are asked for with.</param>
public sealed class SlurmExecutor(string runs, string jobs, SlurmOptions options) : IExecutor
{
    /// <summary>Names, in the job that makes the page, the submission that it comes after: of its trials those that are not done have failed.</summary>
    internal const string AfterVariable = "MEDTRANSFER_AFTER_SUBMISSION";

    /// <summary>Whether the recipe is left once its trials are submitted, see <see cref="DetachedException"/>; default it waits for them.</summary>
    public bool Detaches { get; init; }

    /// <summary>What makes the page once the trials are over, where nobody waits.</summary>
    public PageCommand? Page { get; init; }

    /// <summary>Told, in a sentence, of what is submitted, and of what keeps it waiting.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>How often it looks; default for shared disks and busy controllers.</summary>
    internal WatchIntervals Intervals { get; init; } = new();

    private static SubmissionFolder? After => Environment.GetEnvironmentVariable(AfterVariable) is { Length: > 0 } path && Directory.Exists(path) ? SubmissionFolder.At(path) : null;

    /// <inheritdoc/>
    public void Require(IReadOnlyCollection<string> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        if (devices.Contains("cuda") && !options.AsksForGpu)
            throw new MedTransferException("Trials on cuda need a GPU of the cluster: ask for one with --engine-options gres=gpu:1.") { IsUsage = true };
    }

    /// <inheritdoc/>
    /// <exception cref="DetachedException">The recipe was to be left, and trials are on their way.</exception>
    public void Run(TrialSchedule schedule, Func<Trial, Job> job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(job);
        var asked = schedule.Layers();
        if (asked.Count == 0)
            return;
        var limits = SlurmCommands.Limits();
        FailWhatWasTried(schedule, asked);
        var underway = Underway(schedule);
        var submission = new SlurmSubmission(runs, jobs, options, limits);
        List<IReadOnlyList<Trial>> missing = [.. schedule.Layers().Select(layer => layer.Where(trial => !underway.ContainsKey(trial.Name)).ToList()).Where(layer => layer.Count > 0)];
        SubmissionFolder? mine = null;
        if (missing.Count > 0)
        {
            mine = submission.Submit(missing, underway.Values, schedule.Work, job);
            foreach (var (name, place) in mine.Places())
                underway[name] = place;
            Notice?.Invoke($"Submitted {InWords.Count(missing.Sum(layer => layer.Count), "trial")} as {InWords.Jobs(mine.ReadSubmitted().Jobs)}, logs in {mine.Logs}.");
        }

        if (underway.Count == 0)
            return;
        if (Detaches)
            throw Left(submission, mine, underway);
        try
        {
            new TrialWatch(schedule, runs, underway, Intervals) { Notice = Notice }.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            Stop(mine, underway);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // the job for the page comes after its trials: what is not done then was tried, and is not tried again by itself
    private static void FailWhatWasTried(TrialSchedule schedule, IReadOnlyList<IReadOnlyList<Trial>> asked)
    {
        if (After is not { } after)
            return;
        var places = after.Places();
        foreach (var trial in asked.SelectMany(layer => layer).Where(trial => places.ContainsKey(trial.Name)))
        {
            if (!schedule.IsWaiting(trial))
                continue;   // left out, without one that it needs
            schedule.Take(trial);
            schedule.Fail(trial, new MedTransferException(places[trial.Name].WhyNotDone(trial.Name)));
        }
    }

    // what earlier submissions have in the queue
    private Dictionary<string, TrialPlace> Underway(TrialSchedule schedule)
    {
        var waiting = schedule.Layers().SelectMany(layer => layer).Select(trial => trial.Name).ToHashSet();
        var found = new Dictionary<string, TrialPlace>();
        foreach (var folder in SubmissionFolder.All(jobs))
        {
            var queue = SlurmCommands.Queue(folder.ReadSubmitted().Jobs)
                ?? throw new MedTransferException("Slurm's controller does not answer squeue: try again later, or leave --engine out to train on this machine.");
            if (queue.Count == 0)
                continue;
            var queued = queue.Select(task => (task.Job, task.Index)).ToHashSet();
            foreach (var (name, place) in folder.Places().Where(place => waiting.Contains(place.Key) && queued.Contains((place.Value.Job, place.Value.Index))))
                found[name] = place;
        }

        return found;
    }

    private DetachedException Left(SlurmSubmission submission, SubmissionFolder? mine, Dictionary<string, TrialPlace> underway)
    {
        long? page = Page is null ? null : submission.PageAfter(underway.Values, Page, mine);
        var running = underway.Keys.Count(trial => new TrialFolder(runs, trial).Underway().IsHeld);
        var after = page is { } number ? $" Job {number} makes the page after them." : "";
        return new($"Left: {InWords.Count(underway.Count, "trial")} in {InWords.Jobs(underway.Values.Select(place => place.Job))}, {running} running.{after} The same command tells how far they are; without --detach it waits for them.");
    }

    // those that others submitted, or this recipe before it was left, go on
    private void Stop(SubmissionFolder? mine, Dictionary<string, TrialPlace> underway)
    {
        if (mine?.ReadSubmitted().Jobs is { } own)
            SlurmCommands.Cancel(own);
        var others = underway.Values.Where(place => place.Submission.FullPath != mine?.FullPath).Select(place => place.Job).Distinct().ToList();
        if (others.Count > 0)
            Notice?.Invoke($"{InWords.Jobs(others)}, submitted before, {(others.Count == 1 ? "goes" : "go")} on: scancel {string.Join(' ', others)} ends {(others.Count == 1 ? "it" : "them")}.");
    }
}

/// <summary>What is run once trials are over, as one would type it.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Words">Program and words.</param>
public sealed record PageCommand(string Folder, IReadOnlyList<string> Words);

/// <summary>Trials are on their way, and nobody is to wait for them: not an error.</summary>
public sealed class DetachedException(string message) : Exception(message);
