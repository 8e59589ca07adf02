using System.Diagnostics;
using System.Globalization;

namespace MedTransfer.Bench;

/// <summary>Wall time of the recipe, one seed and all images, from the command to the report, in alternation with a peer that does the same work.</summary>
internal static class Task2Command
{
    private const string Usage = "usage: task2 --source SET --target SET [--epochs 20] [--rounds 1] [--peer SCRIPT] [-- WORDS FOR THE PEER]";

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--source", "--target", "--epochs", "--rounds", "--peer");
        var (source, target, epochs) = (Whole(options.Required("--source")), Whole(options.Required("--target")), options.Whole("--epochs", 20));
        var (peer, ours, theirs) = (PeerScript.Of(options), new List<double>(), new List<double>());

        Console.WriteLine(Machine.Describe());
        for (var round = 0; round < options.Whole("--rounds", 1); round++)
        {
            ours.Add(Recipe(source, target, epochs));
            if (peer is not null) theirs.Add(peer.Run(Environment.ProcessorCount).Seconds);
        }

        Console.WriteLine($"{source} to {target}: one seed, all images, {epochs} epochs; medians of {ours.Count}");
        Console.WriteLine($"{"",-12} {"seconds",9} {"times ours",11}");
        void Show(string who, List<double> seconds) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{who,-12} {Median.Of(seconds),9:F1} {Median.Of(seconds) / Median.Of(ours),11:F2}"));
        Show("MedTransfer", ours);
        if (peer is not null) Show("peer", theirs);
    }

    // a path stays the same file whatever folder the recipe runs in
    private static string Whole(string set) => File.Exists(set) ? Path.GetFullPath(set) : set;

    private static double Recipe(string source, string target, int epochs)
    {
        var folder = Directory.CreateTempSubdirectory("task2");
        try
        {
            string[] words =
            [
                "fsi", Path.Combine(ProjectFolder(), "scripts", "task2.fsx"), "--", "--source", source, "--target", target,
                "--target-size", "all", "--seeds", "1", "--epochs", $"{epochs}", "--out", folder.FullName,
            ];
            var clock = Stopwatch.StartNew();
            if (Peer.Run("dotnet", words, Environment.ProcessorCount) is null)
                throw new MedTransferException($"The recipe failed; run 'dotnet {string.Join(' ', words[..^2])}' by itself to see why.");
            return clock.Elapsed.TotalSeconds;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string ProjectFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MedTransfer.slnx"))) return folder.FullName;
        }
        throw new MedTransferException("The bench does not lie in the project's folder, where the recipe is: build it there.");
    }
}
