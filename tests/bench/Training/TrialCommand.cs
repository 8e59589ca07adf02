using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data.Catalogue;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Bench;

/// <summary>
/// One trial of the CNN in a process of its own, reading, scoring and writing included, in a folder that is removed. Prints the seconds of
/// the optimisation, those of the whole trial, the mebibytes that the process held at most, and the training images.
/// </summary>
internal static class TrialCommand
{
    internal static void Run(string[] words)
    {
        if (words is not [var file, var way, var epochsText, var threadsText]
            || !int.TryParse(epochsText, out var epochs) || !int.TryParse(threadsText, out var threads))
            throw new MedTransferException("usage: trial SET scratch|through-frozen|frozen EPOCHS THREADS") { IsUsage = true };
        var source = DatasetSource.Find(file, DataFolders.InOrder(null, null));
        var spec = new TrialSpec
        {
            Data = new DataReference { Path = source.Path, Digest = source.Md5 },
            Transfer = way == "scratch" ? TransferPlan.Scratch : TransferPlan.RandomFeatures,
            Fit = new FitOptions { Epochs = epochs, ThroughFrozenLayers = way == "through-frozen" },
            Threads = threads,
        };

        var folder = Directory.CreateTempSubdirectory("trial");
        try
        {
            using var runner = new TrialRunner(folder.FullName, [source]);
            var environment = runner.Run([new Trial(spec, way)])[0].Environment;
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{environment.TrainingSeconds:F4} {environment.TotalSeconds:F4} {process.PeakWorkingSet64 >> 20} {runner.Load(spec.Target).Train.Count}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The same, started from another process.</summary>
    internal static TrialCost Start(string set, string way, int epochs, int threads)
    {
        var printed = Peer.Run(Environment.ProcessPath!, ["trial", set, way, $"{epochs}", $"{threads}"], threads)
            ?? throw new MedTransferException($"The trial failed; run 'trial {set} {way} {epochs} {threads}' by itself to see why.");
        var numbers = Array.ConvertAll(printed.Trim().Split('\n')[^1].Split(' '), word => double.Parse(word, CultureInfo.InvariantCulture));
        return new TrialCost(numbers[0], numbers[1], (long)numbers[2], (int)numbers[3]);
    }
}

/// <param name="Seconds">Of the optimisation.</param>
/// <param name="TotalSeconds">Of the whole trial.</param>
/// <param name="Mebibytes">Largest resident size of its process.</param>
/// <param name="Images">Training images.</param>
internal sealed record TrialCost(double Seconds, double TotalSeconds, long Mebibytes, int Images);
