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
        if (schedule.Layers().Count == 0)
            return;
        var submission = new SlurmSubmission(runs, jobs, options, SlurmCommands.Limits(options.Account));
        Dictionary<string, TrialPlace> underway;
        SubmissionFolder? mine;
        long? page;
        // one recipe after the other, so that none submits what another is about to
        using (var alone = ClaimOf(jobs, cancellation))
        {
            try
            {
                underway = Underway(schedule);
                FailWhatWasTried(schedule, underway);
                mine = SubmitMissing(submission, schedule, underway, job);
                page = Detaches && Page is not null && underway.Count > 0 ? PageAfter(submission, mine, underway) : null;
            }
            finally
            {
                alone.Remove();
            }
        }

        if (underway.Count == 0)
            return;
        if (Detaches)
            throw Left(underway, page);
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

    private static FolderClaim ClaimOf(string folder, CancellationToken cancellation)
    {
        MedTransferException Refused(Exception error) => new($"The folder {folder} can't be written to: {error.Message.TrimEnd('.')}; name another with --out.", error);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(e);
        }

        return FolderClaim.Take(folder, Refused, cancellation);
    }

    // what is not done after the submissions that this page job comes after was tried, and is not tried again by itself
    private static void FailWhatWasTried(TrialSchedule schedule, Dictionary<string, TrialPlace> underway)
    {
        var places = Tried.SelectMany(folder => folder.Places()).GroupBy(place => place.Key).ToDictionary(same => same.Key, same => same.Last().Value);
        foreach (var trial in schedule.Layers().SelectMany(layer => layer).Where(trial => places.ContainsKey(trial.Name) && !underway.ContainsKey(trial.Name)))
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
        var known = SubmissionFolder.All(jobs).Select(folder => (Folder: folder, folder.ReadSubmitted().Jobs)).ToList();
        var queue = SlurmCommands.RequireQueue([.. known.SelectMany(submission => submission.Jobs)]);
        var queued = queue.Select(task => (task.Job, task.Index)).ToHashSet();
        var active = queue.Select(task => task.Job).ToHashSet();
        var found = new Dictionary<string, TrialPlace>();
        foreach (var (folder, _) in known.Where(submission => submission.Jobs.Any(active.Contains)))
        {
            foreach (var (name, place) in folder.Places().Where(place => waiting.Contains(place.Key) && queued.Contains((place.Value.Job, place.Value.Index))))
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

    private DetachedException Left(Dictionary<string, TrialPlace> underway, long? page)
    {
        var running = underway.Keys.Count(trial => new TrialFolder(runs, trial).Underway().IsHeld);
        var after = page is { } number ? $" Job {number} makes the page after them." : "";
        return new($"Left: {InWords.Count(underway.Count, "trial")} in {InWords.Jobs(underway.Values.Select(place => place.Job))}, {running} running.{after} The same command tells how far they are; without --detach it waits for them.");
    }

    // those that others submitted, or this recipe before it was left, go on
    private void Stop(SubmissionFolder? mine, Dictionary<string, TrialPlace> underway)
    {
        var own = underway.Values.Where(place => place.Submission.FullPath == mine?.FullPath).Select(place => place.Job).Distinct().ToList();
        if (!SlurmCommands.Cancel(own))
            Notice?.Invoke($"Slurm does not answer scancel: {InWords.Jobs(own)} may go on; scancel {string.Join(' ', own)} ends what does.");
        var others = underway.Values.Where(place => place.Submission.FullPath != mine?.FullPath).Select(place => place.Job).Distinct().ToList();
        if (others.Count > 0)
            Notice?.Invoke($"{InWords.Jobs(others)}, submitted before, {(others.Count == 1 ? "goes" : "go")} on: scancel {string.Join(' ', others)} ends {(others.Count == 1 ? "it" : "them")}.");
    }
}

/// <summary>What is run once trials are over, as one would type it.</summary>
/// <param name="Folder">Where: one that there is, and that the cluster's nodes see.</param>
/// <param name="Words">Program and words.</param>
public sealed record PageCommand(string Folder, IReadOnlyList<string> Words)
{
    /// <summary>Whether the other is the same command in the same place.</summary>
    internal bool IsAs(PageCommand other) => Folder == other.Folder && Words.SequenceEqual(other.Words);
}

/// <summary>Trials are on their way, and nobody is to wait for them: not an error.</summary>
public sealed class DetachedException(string message) : Exception(message);
