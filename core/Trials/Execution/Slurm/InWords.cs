using System.Globalization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>Counts and jobs in sentences.</summary>
internal static class InWords
{
    /// <summary><c>1 trial</c>, <c>2 trials</c>.</summary>
    public static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    /// <summary><c>job 12</c>, <c>jobs 12, 13</c>.</summary>
    public static string Jobs(IEnumerable<long> jobs)
    {
        var numbers = jobs.Distinct().Order().ToList();
        return $"job{(numbers.Count == 1 ? "" : "s")} {string.Join(", ", numbers)}";
    }
}
