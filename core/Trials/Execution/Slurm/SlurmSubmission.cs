using static System.FormattableString;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>Hands trials to Slurm.</summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="jobs">The folder that holds what was submitted.</param>
internal sealed class SlurmSubmission(string runs, string jobs, SlurmOptions options, SlurmLimits limits)
{
    // that much is left of the time between Slurm's signal and its end when a task that does not stop is queued again
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    private static string Core => typeof(SlurmSubmission).Assembly.Location;

    /// <summary>Fails where Slurm could write no logs below a folder: it takes a backslash for an escape, and has none for it.</summary>
    public static void RequireLogs(string jobs)
    {
        if (Path.GetFullPath(jobs).Contains('\\', StringComparison.Ordinal))
            throw new MedTransferException($"Slurm writes no logs below {Path.GetFullPath(jobs)}, as there is a backslash in its name: name another folder with --out.") { IsUsage = true };
    }

    /// <summary>Submits trials, all of them or none.</summary>
    /// <param name="layers">Each needs what is done, what layers before it have, or what is on its way.</param>
    /// <param name="underway">Trials that are on their way.</param>
    /// <exception cref="MedTransferException">Slurm refuses them.</exception>
    public SubmissionFolder Submit(IReadOnlyList<IReadOnlyList<Trial>> layers, IReadOnlyCollection<TrialPlace> underway, Func<Trial, double> work, Func<Trial, Job> job)
    {
        var layout = TaskLayout.Of(layers, work, options.TaskLength, Math.Min(options.MostTasks ?? int.MaxValue, limits.MostTasks));
        var folder = SubmissionFolder.Create(jobs, layout, job);
        var sent = new List<SubmittedArray>();
        try
        {
            folder.WriteTaskScript(SlurmScripts.Task(Core, folder.FullPath, Path.GetFullPath(runs), options.Warning - Reserve));
            var before = JobsOf(underway);
            for (var layer = 0; layer < layout.Layers.Count; layer++)
            {
                var (tasks, threads) = (layout.Layers[layer].Count, layout.Layers[layer].SelectMany(trials => trials).Max(trial => trial.Spec.Threads));
                var arrays = (tasks + limits.MaxArraySize - 1) / limits.MaxArraySize;
                for (var first = 0; first < tasks; first += limits.MaxArraySize)
                {
                    var size = Math.Min(limits.MaxArraySize, tasks - first);
                    sent.Add(new(SlurmCommands.Submit([.. ArrayWords(size, arrays, threads), .. Placed(folder, layer, first, before)]), layer, first, size));
                    folder.WriteSubmitted(new(sent));   // of one that is cut off here others know what it sent
                }

                before = [.. sent.Where(array => array.Layer == layer).Select(array => array.Job)];
            }

            return folder;
        }
        catch
        {
            SlurmCommands.Cancel([.. sent.Select(array => array.Job)]);
            folder.Delete();
            throw;
        }
    }

    /// <summary>The job that makes a page after trials that are on their way: the one that waits already with the same command, or one that is submitted now, in place of those that were to make the same page before.</summary>
    /// <param name="mine">What was just submitted for that page; null where all of it was on its way.</param>
    /// <param name="tried">Submissions after which a page job came before this.</param>
    /// <exception cref="MedTransferException">Slurm refuses it.</exception>
    public long PageAfter(IReadOnlyCollection<TrialPlace> underway, PageCommand command, SubmissionFolder? mine, IEnumerable<SubmissionFolder> tried)
    {
        var waiting = PagesOf(jobs, command);
        if (mine is null && waiting.Where(page => page.Command.IsAs(command)).Select(page => (long?)page.Job).LastOrDefault() is { } same)
            return same;
        var folder = mine ?? SubmissionFolder.Create(jobs, new([]), _ => throw new InvalidOperationException("there is no trial"));
        var after = underway.Select(place => place.Submission).Concat(tried).DistinctBy(submission => submission.FullPath);
        folder.WritePageScript(SlurmScripts.Page(after, command));
        var page = SlurmCommands.Submit([
            .. options.WithoutGpu.Words, After(JobsOf(underway)), "--requeue", "--open-mode=append", $"--job-name={SlurmCommands.PageName}", Logging(folder, "page.out"), folder.PageScript]);
        try
        {
            folder.WriteSubmitted((mine?.ReadSubmitted() ?? new([])) with { Page = page, PageOf = command });
        }
        catch
        {
            SlurmCommands.Cancel([page]);   // nobody would find it again
            throw;
        }

        SlurmCommands.Cancel([.. waiting.Select(other => other.Job)]);
        return page;
    }

    /// <summary>Jobs that wait to make the same page as a command; none of no command, and where the controller does not answer.</summary>
    public static IReadOnlyList<long> WaitingPages(string jobs, PageCommand? command) => command is null ? [] : [.. PagesOf(jobs, command).Select(page => page.Job)];

    /// <summary>What an array of a layer asks for.</summary>
    /// <param name="arrays">Of the layer: those that run at a time are shared by them.</param>
    internal IReadOnlyList<string> ArrayWords(int tasks, int arrays, int threads)
    {
        var throttle = options.AtATime is { } most ? Invariant($"%{Math.Max(1, most / arrays)}") : "";
        return [
            .. options.Words,
            Invariant($"--array=0-{tasks - 1}{throttle}"),
            Invariant($"--cpus-per-task={threads}"),
            Invariant($"--signal=B:USR2@{options.Warning.TotalSeconds}"),
            "--requeue",
            "--open-mode=append",
            $"--job-name={SlurmCommands.TaskName}"];
    }

    private static IReadOnlyList<string> Placed(SubmissionFolder folder, int layer, int first, IReadOnlyList<long> before) =>
        [Logging(folder, "%A_%a.out"), .. before.Count == 0 ? Array.Empty<string>() : [After(before)], folder.TaskScript, Invariant($"{layer}"), Invariant($"{first}")];

    // one that runs looks at the folders now: what is on its way comes after it
    private static IReadOnlyList<(long Job, PageCommand Command)> PagesOf(string jobs, PageCommand command)
    {
        var pages = SubmissionFolder.All(jobs).Select(folder => folder.ReadSubmitted()).Where(submitted => submitted.Page is not null && submitted.PageOf?.Makes == command.Makes).GroupBy(submitted => submitted.Page!.Value).ToDictionary(same => same.Key, same => same.Last().PageOf!);
        return [.. (SlurmCommands.Tasks(pages.Keys) ?? []).Where(task => task.IsPending).Select(task => (task.Job, pages[task.Job]))];
    }

    // a percent sign begins a pattern where Slurm reads a file's name; a backslash would make it read none, and can't be written
    private static string Logging(SubmissionFolder folder, string pattern) => $"--output={folder.Logs.Replace("%", "%%", StringComparison.Ordinal)}/{pattern}";

    // whatever becomes of them: a trial whose parent failed says so itself
    private static string After(IEnumerable<long> before) => $"--dependency=afterany:{string.Join(':', before)}";

    private static IReadOnlyList<long> JobsOf(IEnumerable<TrialPlace> places) => [.. places.Select(place => place.Job).Distinct()];
}
