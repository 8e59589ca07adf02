using System.Globalization;
using System.Runtime.InteropServices;

namespace MedTransfer.Bench;

/// <summary>What a measurement ran on.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, memory, system, runtime and, where the system tells, how busy it was over the last minute.</summary>
    internal static string Describe()
    {
        var gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Processor()}, {Environment.ProcessorCount} cores, {gibibytes:F1} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}{Load()}");
    }

    private static string Processor()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? $"{RuntimeInformation.ProcessArchitecture}";
    }

    private static string Load()
    {
        const string Averages = "/proc/loadavg";
        return File.Exists(Averages) ? $", load {File.ReadAllText(Averages).Split(' ')[0]}" : "";
    }
}
