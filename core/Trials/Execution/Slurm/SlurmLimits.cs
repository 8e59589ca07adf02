using System.Globalization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>How much a cluster lets one submit.</summary>
/// <param name="MaxArraySize">Indices of an array are below it (slurm.conf).</param>
/// <param name="MaxJobCount">Jobs, tasks of arrays among them, that the controller holds at a time, everybody's (slurm.conf).</param>
/// <param name="MaxSubmitJobs">Jobs that this user may have waiting and running; null where there is no such limit.</param>
internal sealed record SlurmLimits(int MaxArraySize, int MaxJobCount, int? MaxSubmitJobs = null)
{
    // room for other people's jobs, as a controller that holds its most refuses everybody
    private const int ShareOfJobCount = 2;

    /// <summary>Tasks that a submission may have: what this user may submit, less the job for the page, and of what the controller holds a half.</summary>
    public int MostTasks => Math.Max(1, Math.Min(MaxJobCount / ShareOfJobCount, (MaxSubmitJobs ?? int.MaxValue) - 1));

    /// <summary>Reads <c>scontrol show config</c>; what it does not tell is Slurm's default.</summary>
    public static SlurmLimits Parse(string config)
    {
        var values = config.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).GroupBy(parts => parts[0].Trim()).ToDictionary(parts => parts.Key, parts => parts.First()[1].Trim());
        int Value(string name, int usual) => values.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : usual;
        return new(Value("MaxArraySize", 1001), Value("MaxJobCount", 10_000));
    }

    /// <summary>The same with the limit that <c>sacctmgr show associations format=MaxSubmitJobs</c> tells: a line an association, empty where it has none. Of several the most: which of them a job will count for is not known, and sbatch refuses what is too much.</summary>
    public SlurmLimits OfAssociations(string lines)
    {
        var told = lines.TrimEnd('\n').Split('\n').Select(line => int.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : (int?)null).ToList();
        return told.Count == 0 || told.Contains(null) ? this : this with { MaxSubmitJobs = told.Max() };
    }
}
