using System.Globalization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>A task of an array, or a job of its own, that Slurm knows.</summary>
/// <param name="Job">The job's number, of an array that of the whole.</param>
/// <param name="Index">Of an array; null of a job of its own.</param>
/// <param name="State">As Slurm calls it, <c>PENDING</c>, <c>RUNNING</c>, <c>OUT_OF_MEMORY</c>.</param>
/// <param name="Reason">Why it waits, as Slurm calls it.</param>
internal sealed record KnownTask(long Job, int? Index, string State, string Reason)
{
    /// <summary>States of those that are over, and what they say in words where they say more than that.</summary>
    private static readonly Dictionary<string, string?> Over = new()
    {
        ["COMPLETED"] = null,
        ["FAILED"] = null,
        ["BOOT_FAIL"] = "ended with its node, which did not start",
        ["CANCELLED"] = "was cancelled",
        ["DEADLINE"] = "ended at its deadline",
        ["NODE_FAIL"] = "ended with its node, which failed",
        ["OUT_OF_MEMORY"] = "ran out of memory (--engine-options mem=... asks for more)",
        ["PREEMPTED"] = "made room for another job",
        ["REVOKED"] = null,
        ["TIMEOUT"] = "ended at its time limit (--engine-options time=... asks for more)",
    };

    /// <summary>What passes by itself, as Slurm calls it; any other reason to wait is worth a word.</summary>
    private static readonly string[] Usual = ["None", "Resources", "Priority", "Dependency", "JobArrayTaskLimit", "BeginTime", "Cleaning"];

    /// <summary>States of those that somebody has to let go on.</summary>
    private static readonly string[] Halted = ["REQUEUE_HOLD", "SPECIAL_EXIT", "STOPPED", "SUSPENDED"];

    /// <summary>Whether it is neither waiting nor running.</summary>
    public bool IsOver => Over.ContainsKey(State);

    /// <summary>Whether it waits.</summary>
    public bool IsPending => State == "PENDING";

    /// <summary>How it ended, as what follows <c>its task</c>; null where Slurm says nothing of it.</summary>
    public string? HowItEnded => Over.GetValueOrDefault(State);

    /// <summary>Why it waits, as a sentence; null where it does not, or for what passes by itself.</summary>
    public string? WhyItWaits => IsPending && !Usual.Contains(Reason) || Halted.Contains(State)
        ? $"Tasks wait; Slurm says: {(IsPending ? Reason.TrimEnd('.') : State)}{(NeedsHelp ? ", which does not pass by itself: scontrol release or resume, or scancel and run again" : "")}."
        : null;

    /// <summary>The first word of the reason: what follows names nodes, which change.</summary>
    public string KindOfReason => (IsPending ? Reason : State).Split(',', ':', ' ')[0];

    private bool NeedsHelp => !IsPending || Reason.Contains("Held", StringComparison.OrdinalIgnoreCase) || Reason.Contains("NeverSatisfied", StringComparison.Ordinal);

    /// <summary>Tasks by job and index.</summary>
    public static IReadOnlyDictionary<(long Job, int? Index), KnownTask> ByPlace(IEnumerable<KnownTask> tasks) =>
        tasks.GroupBy(task => (task.Job, task.Index)).ToDictionary(same => same.Key, same => same.Last());

    /// <summary>A line of <c>squeue --format="%F %K %T %r"</c>; null of any other.</summary>
    public static KnownTask? Parse(string line)
    {
        var fields = line.Trim().Split(' ', 4);
        return fields.Length == 4 && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? new(job, int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null, fields[2], fields[3])
            : null;
    }
}
