using System.Globalization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>Hands trials to Slurm.</summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="jobs">The folder that holds what was submitted.</param>
internal sealed class SlurmSubmission(string runs, string jobs, SlurmOptions options, SlurmLimits limits)
{
    private static string Core => typeof(SlurmSubmission).Assembly.Location;

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
            folder.WriteTaskScript(SlurmScripts.Task(Core, folder.FullPath, Path.GetFullPath(runs)));
            var before = JobsOf(underway);
            for (var layer = 0; layer < layout.Layers.Count; layer++)
            {
                var (tasks, threads) = (layout.Layers[layer].Count, layout.Layers[layer].SelectMany(trials => trials).Max(trial => trial.Spec.Threads));
                for (var first = 0; first < tasks; first += limits.MaxArraySize)
                {
                    var size = Math.Min(limits.MaxArraySize, tasks - first);
                    sent.Add(new(SubmitArray(folder, layer, first, size, threads, before), layer, first, size));
                }

                before = [.. sent.Where(array => array.Layer == layer).Select(array => array.Job)];
            }

            folder.WriteSubmitted(new(sent, null));
            return folder;
        }
        catch
        {
            SlurmCommands.Cancel([.. sent.Select(array => array.Job)]);
            folder.Delete();
            throw;
        }
    }

    /// <summary>The job that makes a page after trials that are on their way: the one that waits already with the same command, or one that is submitted now.</summary>
    /// <param name="mine">What was just submitted for that page; null where all of it was on its way.</param>
    public long PageAfter(IReadOnlyCollection<TrialPlace> underway, PageCommand command, SubmissionFolder? mine)
    {
        if (mine is null && SubmissionFolder.All(jobs).Select(other => PageOf(other, command)).OfType<long>().ToList() is { Count: > 0 } pages && SlurmCommands.Queue(pages) is not { Count: 0 })
            return pages[^1];
        var folder = mine ?? SubmissionFolder.Create(jobs, new([]), _ => throw new InvalidOperationException("there is no trial"));
        folder.WritePageScript(SlurmScripts.Page(folder.FullPath, command));
        var page = SlurmCommands.Submit([
            .. options.WithoutGpu.Words, After(JobsOf(underway)), "--requeue", "--open-mode=append", "--job-name=medtransfer-page", $"--output={Literal(folder.Logs)}/page.out", folder.PageScript]);
        folder.WriteSubmitted((mine?.ReadSubmitted() ?? new([], null)) with { Page = page });
        return page;
    }

    // its number, of one that runs the same
    private static long? PageOf(SubmissionFolder folder, PageCommand command) =>
        folder.ReadPageScript() == SlurmScripts.Page(folder.FullPath, command) ? folder.ReadSubmitted().Page : null;

    // a percent sign begins a pattern where Slurm reads a file's name
    private static string Literal(string path) => path.Replace("%", "%%", StringComparison.Ordinal);

    private long SubmitArray(SubmissionFolder folder, int layer, int first, int tasks, int threads, IReadOnlyList<long> before)
    {
        var throttle = options.AtATime is { } most ? Invariant($"%{most}") : "";
        return SlurmCommands.Submit([
            .. options.Words,
            Invariant($"--array=0-{tasks - 1}{throttle}"),
            Invariant($"--cpus-per-task={threads}"),
            Invariant($"--signal=B:USR2@{options.Warning.TotalSeconds}"),
            "--requeue",
            "--open-mode=append",
            "--job-name=medtransfer",
            $"--output={Literal(folder.Logs)}/%A_%a.out",
            .. before.Count == 0 ? Array.Empty<string>() : [After(before)],
            folder.TaskScript,
            Invariant($"{layer}"),
            Invariant($"{first}")]);
    }

    // whatever becomes of them: a trial whose parent failed says so itself
    private static string After(IEnumerable<long> before) => $"--dependency=afterany:{string.Join(':', before)}";

    private static IReadOnlyList<long> JobsOf(IEnumerable<TrialPlace> places) => [.. places.Select(place => place.Job).Distinct()];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
