using System.Diagnostics;
using MedTransfer.Runtime.Claims;
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
    /// <summary>Names, in the job that makes the page, the submissions that it comes after, a line each: of their trials those that are not done have failed.</summary>
    internal const string AfterVariable = "MEDTRANSFER_AFTER_SUBMISSION";

    /// <summary>Whether the recipe is left once its trials are submitted, see <see cref="DetachedException"/>; default it waits for them.</summary>
    public bool Detaches { get; init; }

    /// <summary>What makes the page once the trials are over, where nobody waits.</summary>
    public PageCommand? Page { get; init; }

    /// <summary>Told, in a sentence, of what is submitted, and of what keeps it waiting.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>How often it looks; default for shared disks and busy controllers.</summary>
    internal WatchIntervals Intervals { get; init; } = new();

    private static IReadOnlyList<SubmissionFolder> Tried =>
        [.. (Environment.GetEnvironmentVariable(AfterVariable) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(Directory.Exists).Select(SubmissionFolder.At)];

    /// <summary>Fails where there is no cluster here, or what is asked for is not there: to be asked before anything is read. Where something was submitted before it asks nothing: all may be done.</summary>
    /// <param name="jobs">The folder that holds what was submitted.</param>
    /// <exception cref="MedTransferException">One line, with what Slurm says.</exception>
    public static void RequireCluster(string jobs, SlurmOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SlurmSubmission.RequireLogs(jobs);
        if (SubmissionFolder.All(jobs).Count > 0)
            return;
        SlurmCommands.Limits(options.Account);
        SlurmCommands.Require(options.Words);
    }

    /// <inheritdoc/>
    public void Require(IReadOnlyCollection<string> devices) => options.Require(devices);

    /// <inheritdoc/>
    /// <exception cref="DetachedException">The recipe was to be left, and trials are on their way.</exception>
    public void Run(TrialSchedule schedule, Func<Trial, Job> job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(job);
        if (schedule.Waiting.Count == 0)
            return;
        var submission = new SlurmSubmission(runs, jobs, options, SlurmCommands.Limits(options.Account));
        Dictionary<string, TrialPlace> underway;
        SubmissionFolder? mine;
        long? page;
        // one recipe after the other, so that none submits what another is about to
        using (FolderClaim.Take(
            Path.Combine(jobs, "claims"),
            error => new($"The folder {jobs} can't be written to: {error.Message.TrimEnd('.')}; name another with --out.", error),
            cancellation,
            () => Notice?.Invoke($"Another recipe submits to {jobs}; waiting for it.")))
        {
            TakeWhatIsDone(schedule);
            var tasks = KnownTask.ByPlace(SlurmCommands.RequireTasks([.. SubmissionFolder.All(jobs).SelectMany(folder => folder.ReadSubmitted().Jobs)]));
            underway = Underway(schedule, tasks);
            FailWhatWasTried(schedule, underway, tasks, cancellation);
            mine = SubmitMissing(submission, schedule, underway, job);
            page = Detaches && Page is not null && underway.Count > 0 ? PageAfter(submission, mine, underway) : null;
        }

        if (underway.Count == 0)
            return;
        if (Detaches)
            throw Left(schedule, underway, page);
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

    // others may have finished it since it was found missing
    private void TakeWhatIsDone(TrialSchedule schedule)
    {
        foreach (var trial in schedule.Waiting.Where(trial => new TrialFolder(runs, trial.Name).IsDone))
        {
            schedule.Take(trial);
            schedule.Done(trial);
        }
    }

    // what is not done after the submissions that this page job comes after was tried, and is not tried again by itself
    private void FailWhatWasTried(TrialSchedule schedule, Dictionary<string, TrialPlace> underway, IReadOnlyDictionary<(long Job, int? Index), KnownTask> tasks, CancellationToken cancellation)
    {
        var places = Tried.SelectMany(folder => folder.Places()).GroupBy(place => place.Key).ToDictionary(same => same.Key, same => same.Last().Value);
        var clock = Stopwatch.StartNew();
        FailThose((place, trial) => place.WhyFailed(trial));
        // what a task wrote last may still be on its way through the network
        while (Missing().Any() && clock.Elapsed < Intervals.Grace)
        {
            cancellation.ThrowIfCancellationRequested();
            cancellation.WaitHandle.WaitOne(Intervals.Folders);
            TakeWhatIsDone(schedule);
            FailThose((place, trial) => place.WhyFailed(trial));
        }

        FailThose((place, trial) => place.WhyNotDone(trial, tasks.GetValueOrDefault((place.Job, place.Index))));

        void FailThose(Func<TrialPlace, string, string?> why)
        {
            foreach (var trial in Missing().ToList())
            {
                if (schedule.IsLeftOut(trial) || why(places[trial.Name], trial.Name) is not { } reason)
                    continue;
                schedule.Take(trial);
                schedule.Fail(trial, new MedTransferException(reason));
            }
        }

        IEnumerable<Trial> Missing() => schedule.Waiting.Where(trial => places.ContainsKey(trial.Name) && !underway.ContainsKey(trial.Name));
    }

    // what earlier submissions have in the queue
    private Dictionary<string, TrialPlace> Underway(TrialSchedule schedule, IReadOnlyDictionary<(long Job, int? Index), KnownTask> tasks)
    {
        var waiting = schedule.Waiting.Select(trial => trial.Name).ToHashSet();
        var active = tasks.Values.Where(task => !task.IsOver).Select(task => task.Job).ToHashSet();
        var found = new Dictionary<string, TrialPlace>();
        foreach (var folder in SubmissionFolder.All(jobs).Where(folder => folder.ReadSubmitted().Jobs.Any(active.Contains)))
        {
            foreach (var (name, place) in folder.Places().Where(place => waiting.Contains(place.Key) && tasks.GetValueOrDefault((place.Value.Job, place.Value.Index)) is { IsOver: false }))
                found[name] = place;
        }

        return found;
    }

    private SubmissionFolder? SubmitMissing(SlurmSubmission submission, TrialSchedule schedule, Dictionary<string, TrialPlace> underway, Func<Trial, Job> job)
    {
        List<IReadOnlyList<Trial>> missing = [.. schedule.Layers().Select(layer => layer.Where(trial => !underway.ContainsKey(trial.Name)).ToList()).Where(layer => layer.Count > 0)];
        if (missing.Count == 0)
            return null;
        TellOfFailures(missing);
        var mine = submission.Submit(missing, underway.Values, schedule.Work, job);
        foreach (var (name, place) in mine.Places())
            underway[name] = place;
        Notice?.Invoke($"Submitted {InWords.Count(missing.Sum(layer => layer.Count), "trial")} as {InWords.Jobs(mine.ReadSubmitted().Jobs)}, logs in {mine.Logs}.");
        return mine;
    }

    private void TellOfFailures(List<IReadOnlyList<Trial>> missing)
    {
        var names = missing.SelectMany(layer => layer).Select(trial => trial.Name).ToHashSet();
        var failures = SubmissionFolder.All(jobs).SelectMany(folder => folder.Failed.Where(names.Contains).Select(name => (Name: name, Reason: folder.ReadFailure(name)))).ToList();
        if (failures.Count > 0)
            Notice?.Invoke($"{InWords.Count(failures.DistinctBy(failure => failure.Name).Count(), "trial")} failed before ({failures[^1].Reason?.TrimEnd('.')}) and will be tried again.");
    }

    // all or nothing
    private long PageAfter(SlurmSubmission submission, SubmissionFolder? mine, Dictionary<string, TrialPlace> underway)
    {
        try
        {
            return submission.PageAfter(underway.Values, Page!, mine, Tried);
        }
        catch
        {
            if (mine is not null)
            {
                SlurmCommands.Cancel(mine.ReadSubmitted().Jobs);
                mine.Delete();
            }

            throw;
        }
    }

    private DetachedException Left(TrialSchedule schedule, Dictionary<string, TrialPlace> underway, long? page)
    {
        foreach (var reason in (SlurmCommands.Tasks([.. underway.Values.Select(place => place.Job)]) ?? []).Where(task => task.WhyItWaits is not null).DistinctBy(task => task.KindOfReason))
            Notice?.Invoke(reason.WhyItWaits!);
        var running = underway.Keys.Count(trial => new TrialFolder(runs, trial).Underway().IsHeld);
        var failed = underway.Select(trial => trial.Value.WhyFailed(trial.Key)).OfType<string>().ToList();
        var failures = failed.Count > 0 ? $", {failed.Count} failed ({failed[0]})" : "";
        var after = page is { } number ? $" Job {number} makes the page after them." : "";
        return new($"{underway.Count} of {InWords.Count(schedule.Asked, "trial")} {(underway.Count == 1 ? "is" : "are")} on the way in {InWords.Jobs(underway.Values.Select(place => place.Job))}, {running} running{failures}; {schedule.Over} over.{after} The same command tells how far they are; without --detach it waits for them.");
    }

    // those that others submitted, or this recipe before it was left, go on
    private void Stop(SubmissionFolder? mine, Dictionary<string, TrialPlace> underway)
    {
        var own = underway.Values.Where(place => place.Submission.FullPath == mine?.FullPath).Select(place => place.Job).Distinct().ToList();
        if (SlurmCommands.Cancel(own))
        {
            if (own.Count > 0)
                Notice?.Invoke($"Cancelled {InWords.Jobs(own)}; what they trained is kept.");
        }
        else
        {
            Notice?.Invoke($"Slurm does not answer scancel: {InWords.Jobs(own)} may go on; scancel {string.Join(' ', own)} ends what does.");
        }

        var others = underway.Values.Where(place => place.Submission.FullPath != mine?.FullPath).Select(place => place.Job).Distinct().ToList();
        if (others.Count == 0)
            return;
        var pages = SlurmSubmission.WaitingPages(jobs, Page);
        var theirs = pages.Count > 0 ? $", and {InWords.Jobs(pages)} for the page" : "";
        Notice?.Invoke($"Submitted before, {InWords.Jobs(others)} {(others.Count == 1 ? "goes" : "go")} on{theirs}: scancel {string.Join(' ', [.. others, .. pages])} ends {(others.Count + pages.Count == 1 ? "it" : "them")}.");
    }
}

/// <summary>What is run once trials are over, as one would type it.</summary>
/// <param name="Folder">Where: one that there is, and that the cluster's nodes see.</param>
/// <param name="Words">Program and words.</param>
/// <param name="Makes">The full path of what it makes: of two that make the same the later is the one that counts.</param>
public sealed record PageCommand(string Folder, IReadOnlyList<string> Words, string Makes)
{
    /// <summary>Whether the other is the same command in the same place.</summary>
    internal bool IsAs(PageCommand other) => Folder == other.Folder && Words.SequenceEqual(other.Words);
}

/// <summary>Trials are on their way, and nobody is to wait for them: not an error.</summary>
public sealed class DetachedException(string message) : Exception(message);
