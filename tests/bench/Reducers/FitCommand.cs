using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data.Formats;

namespace MedTransfer.Bench;

/// <summary>
/// One fit from array to map in a process of its own, as a user's first one is: just-in-time compilation counts, reading and writing
/// files do not. Prints seconds and the mebibytes that the process held at most above what the input takes, then, where more
/// fits are asked for, the seconds of the last of these: warm.
/// </summary>
internal static class FitCommand
{
    private const string Usage = "usage: fit METHOD X.npy Y.npy THREADS [NEIGHBOURS|-] [LABELS.npy|-] [FITS]";

    internal static void Run(string[] words)
    {
        if (words.Length is < 4 or > 7 || !int.TryParse(words[3], out var threads)) throw new MedTransferException(Usage) { IsUsage = true };
        int? neighbours = words.ElementAtOrDefault(4) is { } k and not "-" ? int.Parse(k, CultureInfo.InvariantCulture) : null;
        var labels = words.ElementAtOrDefault(5) is { } path and not "-" ? NpyLabels.Read(path).Classes.ToArray() : null;
        var fits = words.ElementAtOrDefault(6) is { } times ? int.Parse(times, CultureInfo.InvariantCulture) : 1;
        var points = NpyFile.ReadMatrix(words[1]);
        var asked = new ReducerAsked(threads, neighbours, labels);
        var method = ReducerMethod.Named(words[0]);
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;

        var clock = Stopwatch.StartNew();
        var map = method.Make(asked).Fit(points).Embedding;
        var seconds = clock.Elapsed.TotalSeconds;

        process.Refresh();
        NpyWriter.Write(words[2], map);
        var mebibytes = (process.PeakWorkingSet64 - before) >> 20;
        var warm = seconds;
        for (var fit = 1; fit < fits; fit++)
        {
            clock.Restart();
            method.Make(asked).Fit(points);
            warm = clock.Elapsed.TotalSeconds;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:F4} {mebibytes}{(fits > 1 ? $" {warm:F4}" : "")}"));
    }
}
