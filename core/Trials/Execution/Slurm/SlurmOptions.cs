using System.Globalization;
using System.Text.RegularExpressions;
using MedTransfer.Data;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>What jobs on a Slurm cluster are asked for with, and how trials are laid out in them.</summary>
public sealed partial record SlurmOptions
{
    /// <summary>Options of <c>sbatch</c> that may be given, by the names that it has for them.</summary>
    private static readonly string[] Known =
        ["partition", "account", "qos", "time", "mem", "mem-per-cpu", "gres", "gpus", "constraint", "reservation", "nodelist", "exclude", "licenses", "nice", "mail-type", "mail-user", "comment"];

    private const string MostTasksWord = "tasks", TaskMinutesWord = "task-minutes";

    // the warning, the minute by which Slurm may be early, and a little to train in
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromMinutes(4);

    /// <summary>Passed on to <c>sbatch</c>: names without dashes, with their values, in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Passed { get; init; } = [];

    /// <summary>Tasks that run at a time, of one layer; null, the default, for as many as the cluster has room for.</summary>
    public int? AtATime { get; init; }

    /// <summary>Tasks that a submission may have at most, 1 or more; null, the default, for what the cluster lets one submit.</summary>
    public int? MostTasks { get; init; }

    /// <summary>How long a task is to be, above 0: shorter trials are put together. Default 5 minutes.</summary>
    public TimeSpan TaskLength { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long before its time limit a task is told to make its checkpoint; default 90 seconds. Slurm may tell it a minute earlier.</summary>
    internal TimeSpan Warning { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The words of <see cref="Passed"/> as <c>sbatch</c> takes them.</summary>
    internal IEnumerable<string> Words => Passed.Select(option => $"--{option.Key}={option.Value}");

    /// <summary>Whose account jobs count for; null where none is named.</summary>
    internal string? Account => Passed.FirstOrDefault(option => option.Key == "account").Value;

    /// <summary>Whether jobs ask for a GPU.</summary>
    internal bool AsksForGpu => Passed.Any(option => option.Key is "gpus" || option.Key is "gres" && option.Value.Contains("gpu", StringComparison.Ordinal));

    /// <summary>The same without what a job that only makes a page needs not.</summary>
    internal SlurmOptions WithoutGpu => this with { Passed = [.. Passed.Where(option => option.Key is not ("gpus" or "gres"))] };

    /// <summary>Fails where trials on such devices would ask for what no job asks for.</summary>
    /// <param name="devices">As specs name them.</param>
    /// <exception cref="MedTransferException">There is cuda among them, and no GPU is asked for.</exception>
    public void Require(IEnumerable<string> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        if (devices.Contains("cuda") && !AsksForGpu)
            throw new MedTransferException("Trials on cuda need a GPU of the cluster: ask for one with --engine-options gres=gpu:1.") { IsUsage = true };
    }

    /// <summary>The same with so many tasks at a time, 1 or more; null for as many as there is room for.</summary>
    public SlurmOptions WithAtATime(int? most) => this with { AtATime = most };

    /// <summary>Reads <c>partition=long,time=2:00:00,gres=gpu:1</c>: <c>sbatch</c>'s own names, and <c>tasks</c> and <c>task-minutes</c> for how trials are laid out.</summary>
    /// <exception cref="MedTransferException">A name is not among them, or has no value.</exception>
    public static SlurmOptions Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = new SlurmOptions();
        var passed = new List<KeyValuePair<string, string>>();
        // values may hold commas, as lists of nodes do: a comma separates where a name and = follow it
        foreach (var part in Separator().Split(text))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = sign < 0 ? (part.Trim(), "") : (part[..sign].Trim().TrimStart('-'), part[(sign + 1)..].Trim());
            if (value.Length == 0)
                throw new MedTransferException($"--engine-options takes name=value with commas between, such as partition=long,time=2:00:00, but {OneLine.Quote(part)} is none.") { IsUsage = true };
            if (passed.Any(other => other.Key == name))
                throw new MedTransferException($"--engine-options names {name} twice: name it once.") { IsUsage = true };
            switch (name)
            {
                case MostTasksWord:
                    options = options with { MostTasks = Whole(name, value) };
                    break;
                case TaskMinutesWord:
                    options = options with { TaskLength = TimeSpan.FromMinutes(Whole(name, value)) };
                    break;
                default:
                    if (name == "time" && LimitOf(value) is { } limit && limit > TimeSpan.Zero && limit < ShortestLimit)
                        throw new MedTransferException($"time of --engine-options is {OneLine.Quote(value)}, less than {ShortestLimit.TotalMinutes:F0} minutes: a task is told to keep its state up to two and a half minutes before its end, and would not get further; name more.") { IsUsage = true };
                    if (!Known.Contains(name))
                        throw new MedTransferException($"--engine-options knows no {OneLine.Quote(name)}: it takes {string.Join(", ", Known.Append(MostTasksWord).Append(TaskMinutesWord))}.") { IsUsage = true };
                    passed.Add(new(name, value));
                    break;
            }
        }

        return options with { Passed = passed };
    }

    /// <summary>A time as <c>sbatch</c> takes it: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds, 0 for no limit; null of any other.</summary>
    internal static TimeSpan? LimitOf(string value)
    {
        var (days, rest) = value.Split('-') is [var before, var after] ? (before, after) : (null, value);
        // numbers that fit a length of time in any unit
        var parts = rest.Split(':').Prepend(days ?? "0").Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1_000_000 ? number : (int?)null).ToList();
        if (parts.Contains(null))
            return null;
        return (days is null, parts.OfType<int>().ToList()) switch
        {
            (true, [_, var minutes]) => new TimeSpan(0, minutes, 0),
            (true, [_, var minutes, var seconds]) => new TimeSpan(0, minutes, seconds),
            (_, [var day, var hours]) => new TimeSpan(day, hours, 0, 0),
            (_, [var day, var hours, var minutes]) => new TimeSpan(day, hours, minutes, 0),
            (_, [var day, var hours, var minutes, var seconds]) => new TimeSpan(day, hours, minutes, seconds),
            _ => null,
        };
    }

    private static int Whole(string name, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
        ? number
        : throw new MedTransferException($"{name} of --engine-options is {OneLine.Quote(value)}, but must be a whole number, 1 or more.") { IsUsage = true };

    [GeneratedRegex(",(?=-*[a-z][a-z-]*=)")]
    private static partial Regex Separator();
}
