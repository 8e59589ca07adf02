using System.Diagnostics;
using System.Globalization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>Slurm's own programs: what they are asked, and what they answer. They are looked for as a shell would.</summary>
internal static class SlurmCommands
{
    // a busy controller takes its time to submit; what is only asked is asked again
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), ShortPatience = TimeSpan.FromSeconds(20);

    private const string Submitter = "sbatch";

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
        // Slurm itself would look for its controller in the network, for a minute
        if (ConfigurationPath is { } path && !File.Exists(path))
            throw new MedTransferException($"SLURM_CONF names {path}, which is not there: set it to this cluster's slurm.conf, or unset it.");
        var config = SlurmLimits.Parse(Run("scontrol", "show", "config"));
        var associations = TryRun("sacctmgr", ["--noheader", "--parsable2", "show", "associations", $"users={Environment.UserName}", .. account is null ? Array.Empty<string>() : [$"accounts={account}"], "format=MaxSubmitJobs"]);
        return config.OfAssociations(associations ?? "");
    }

    /// <summary>Asks whether a job with these options is one that the cluster could have, and submits none. That nodes are away just now is no reason against it.</summary>
    /// <exception cref="MedTransferException">A partition, an account or the like is not there.</exception>
    public static void Require(IEnumerable<string> words)
    {
        var (code, _, errors) = Start(Submitter, ["--test-only", .. words, "--wrap=true"], Patience);
        if (code != 0 && IsInvalid(errors))
            throw Refusal(Submitter, code, errors);
    }

    /// <summary>Submits a script and returns the job's number.</summary>
    /// <exception cref="MedTransferException">Slurm refuses it.</exception>
    public static long Submit(params IReadOnlyList<string> words)
    {
        var answer = Run(Submitter, ["--parsable", .. words]).Trim();
        return long.TryParse(answer.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? job
            : throw new MedTransferException($"sbatch answered '{answer}' where a job's number was expected: see whether it submitted one (squeue), and cancel it.");
    }

    /// <summary>Tasks of these jobs that wait or run, and those that ended some minutes ago at most (slurm.conf: MinJobAge). Null where the controller does not answer just now.</summary>
    public static IReadOnlyList<KnownTask>? Tasks(IReadOnlyCollection<long> jobs)
    {
        if (jobs.Count == 0)
            return [];
        // asked by name, not by number: one that Slurm has forgotten would be an error
        if (TryRun("squeue", "--noheader", "--array", "--all", "--states=all", $"--name={TaskName},{PageName}", "--format=%F %K %T %r") is not { } text)
            return null;
        var asked = jobs.ToHashSet();
        return [.. text.Split('\n').Select(KnownTask.Parse).OfType<KnownTask>().Where(task => asked.Contains(task.Job))];
    }

    /// <summary>The same where it has to be known.</summary>
    /// <exception cref="MedTransferException">The controller does not answer.</exception>
    public static IReadOnlyList<KnownTask> RequireTasks(IReadOnlyCollection<long> jobs) =>
        Tasks(jobs) ?? throw new MedTransferException("Slurm's controller does not answer squeue: try again later, or leave --engine out to train on this machine.");

    /// <summary>Cancels jobs; those that are over stay so.</summary>
    /// <returns>Whether Slurm took it.</returns>
    public static bool Cancel(IReadOnlyCollection<long> jobs) =>
        jobs.Count == 0 || TryRun("scancel", [.. jobs.Select(job => job.ToString(CultureInfo.InvariantCulture))]) is not null;

    private static string Run(string program, params IReadOnlyList<string> words)
    {
        var (code, output, errors) = Start(program, words, Patience);
        return code == 0 ? output : throw Refusal(program, code, errors);
    }

    private static MedTransferException Refusal(string program, int code, string errors)
    {
        // one error after the other says the same in other words
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = lines.Length > 0 ? lines[0].TrimEnd('.') : $"{program} ended with {code}";
        if (program != Submitter)
            return new($"Slurm does not answer: {said}; see whether {(ConfigurationPath is { } path ? $"SLURM_CONF, {path}, is this cluster's" : "this machine is of a cluster (SLURM_CONF is not set)")} and its controller runs (scontrol ping), or leave --engine out to train on this machine.");
        var fewer = errors.Contains("limit", StringComparison.OrdinalIgnoreCase) ? " (tasks=N submits fewer)" : "";
        return new($"Slurm refuses: {said}; see --engine-options{fewer}, or leave --engine out to train on this machine.") { IsUsage = IsInvalid(errors) };
    }

    private static bool IsInvalid(string errors) => errors.Contains("invalid", StringComparison.OrdinalIgnoreCase);

    private static string? ConfigurationPath => Environment.GetEnvironmentVariable("SLURM_CONF") is { Length: > 0 } path ? path : null;

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
        // of the job that this process may itself be: they would be taken for options of the new one; and what squeue is to leave out
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SQUEUE_", StringComparison.Ordinal) || name.StartsWith("SLURM_", StringComparison.Ordinal) && !OfSession.Contains(name)).ToList())
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
