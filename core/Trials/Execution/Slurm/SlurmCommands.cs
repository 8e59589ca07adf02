using System.Diagnostics;
using System.Globalization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>Slurm's own programs: what they are asked, and what they answer. They are looked for as a shell would.</summary>
internal static class SlurmCommands
{
    // a busy controller takes its time to submit; what is only asked is asked again
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), ShortPatience = TimeSpan.FromSeconds(20);

    /// <summary>What is set for a whole session, unlike what Slurm sets in a job.</summary>
    private static readonly string[] OfSession = ["SLURM_CONF", "SLURM_CLUSTERS", "SLURM_JWT"];

    /// <summary>What jobs are called: by it they are found again, whoever submitted them.</summary>
    public const string TaskName = "medtransfer", PageName = "medtransfer-page";

    /// <summary>Where the programs are; null, the default, for where a shell finds them.</summary>
    internal static string? Folder { get; set; }

    /// <summary>How much one may submit.</summary>
    /// <param name="account">Whose limits count; null where none is named.</param>
    /// <exception cref="MedTransferException">There is no Slurm, or its controller does not answer: one line, with what Slurm says.</exception>
    public static SlurmLimits Limits(string? account)
    {
        var config = SlurmLimits.Parse(Run("scontrol", "show", "config"));
        var associations = TryRun("sacctmgr", ["--noheader", "--parsable2", "show", "associations", $"users={Environment.UserName}", .. account is null ? Array.Empty<string>() : [$"accounts={account}"], "format=MaxSubmitJobs"]);
        return config.OfAssociations(associations ?? "");
    }

    /// <summary>Submits a script and returns the job's number.</summary>
    /// <exception cref="MedTransferException">Slurm refuses it.</exception>
    public static long Submit(params IReadOnlyList<string> words)
    {
        var answer = Run("sbatch", ["--parsable", .. words]).Trim();
        return long.TryParse(answer.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? job
            : throw new MedTransferException($"sbatch answered '{answer}' where a job's number was expected: see whether it submitted one (squeue), and cancel it.");
    }

    /// <summary>Tasks of these jobs that are waiting or running; of jobs that Slurm has forgotten, none. Null where the controller does not answer just now.</summary>
    public static IReadOnlyList<QueuedTask>? Queue(IReadOnlyCollection<long> jobs)
    {
        if (jobs.Count == 0)
            return [];
        // asked by name, not by number: one that Slurm has forgotten would be an error
        if (TryRun("squeue", "--noheader", "--array", $"--name={TaskName},{PageName}", "--format=%F %K %T %r") is not { } text)
            return null;
        var asked = jobs.ToHashSet();
        return [.. text.Split('\n').Select(QueuedTask.Parse).OfType<QueuedTask>().Where(task => asked.Contains(task.Job))];
    }

    /// <summary>The same where it has to be known.</summary>
    /// <exception cref="MedTransferException">The controller does not answer.</exception>
    public static IReadOnlyList<QueuedTask> RequireQueue(IReadOnlyCollection<long> jobs) =>
        Queue(jobs) ?? throw new MedTransferException("Slurm's controller does not answer squeue: try again later, or leave --engine out to train on this machine.");

    /// <summary>Cancels jobs; those that are over stay so.</summary>
    /// <returns>Whether Slurm took it.</returns>
    public static bool Cancel(IReadOnlyCollection<long> jobs) =>
        jobs.Count == 0 || TryRun("scancel", [.. jobs.Select(job => job.ToString(CultureInfo.InvariantCulture))]) is not null;

    private static string Run(string program, params IReadOnlyList<string> words)
    {
        var (code, output, errors) = Start(program, words, Patience);
        if (code == 0)
            return output;
        var said = string.Join(" ", errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        throw new MedTransferException($"Slurm refuses: {(said.Length > 0 ? said.TrimEnd('.') : $"{program} ended with {code}")}; see --engine-options (tasks=N submits fewer), or leave --engine out to train on this machine.");
    }

    private static string? TryRun(string program, params IReadOnlyList<string> words)
    {
        try
        {
            var (code, output, _) = Start(program, words, ShortPatience);
            return code == 0 ? output : null;
        }
        catch (MedTransferException)
        {
            return null;
        }
    }

    private static (int Code, string Output, string Errors) Start(string program, IReadOnlyList<string> words, TimeSpan patience)
    {
        var start = new ProcessStartInfo(Folder is null ? program : Path.Combine(Folder, program), words) { RedirectStandardOutput = true, RedirectStandardError = true };
        // of the job that this process may itself be: they would be taken for options of the new one
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SLURM_", StringComparison.Ordinal) && !OfSession.Contains(name)).ToList())
            start.Environment.Remove(name);
        try
        {
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(patience))
            {
                process.Kill();
                throw new MedTransferException($"{program} did not answer within {patience.TotalSeconds:F0} seconds: Slurm's controller may be down; try again later, or leave --engine out to train on this machine.");
            }

            Task.WaitAll(output, errors);
            return (process.ExitCode, output.Result, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new MedTransferException($"There is no {program} here: --engine slurm runs where jobs of a Slurm cluster are submitted, a login node; leave it out to train on this machine.", e);
        }
    }
}

/// <summary>A task of an array, or a job of its own, that Slurm knows as waiting or running.</summary>
/// <param name="Job">The job's number, of an array that of the whole.</param>
/// <param name="Index">Of an array; null of a job of its own.</param>
/// <param name="State">As Slurm calls it, <c>PENDING</c>, <c>RUNNING</c>.</param>
/// <param name="Reason">Why it waits, as Slurm calls it.</param>
internal sealed record QueuedTask(long Job, int? Index, string State, string Reason)
{
    /// <summary>A line of <c>squeue --format="%F %K %T %r"</c>; null of any other.</summary>
    public static QueuedTask? Parse(string line)
    {
        var fields = line.Trim().Split(' ', 4);
        return fields.Length == 4 && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? new(job, int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null, fields[2], fields[3])
            : null;
    }
}
