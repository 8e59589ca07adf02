using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data.Catalogue;
using MedTransfer.Trials;

namespace MedTransfer.Bench;

/// <summary>Wall time of trials by the number of seeds, folds, images and workers, on phantoms in a file.</summary>
internal static class GrowthCommand
{
    private const string Usage = "usage: growth [--epochs 2]";

    /// <summary>Trials that workers share.</summary>
    private const int Shared = 4;

    internal static void Run(string[] words)
    {
        var epochs = CommandOptions.Read(words, Usage, "--epochs").Whole("--epochs", 2);
        var folder = Directory.CreateTempSubdirectory("growth");
        try
        {
            var folders = new DataFolders([]);
            var file = ImageFiles.Written(DatasetSource.Find("phantom-pneumonia", folders), folder.FullName);
            var growth = new Growth(DatasetSource.Find(file, folders), folder.FullName, epochs);
            growth.Seconds(growth.Seeds(1), workers: 1);   // libtorch is loaded and the code compiled
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"1,600 images of 28 pixels where nothing else is said, {epochs} epochs");
            Console.WriteLine($"{"",-10} {"",6} {"seconds",9} {"a trial",9}");
            foreach (var seeds in new[] { 1, 2, 4 }) Show("seeds", seeds, growth, growth.Seeds(seeds));
            foreach (var folds in new[] { 2, 4 }) Show("folds", folds, growth, growth.Folds(folds));
            foreach (var images in new[] { 200, 400, 800 }) Show("images", images, growth, [growth.Sample(images)]);
            for (var workers = 1; workers <= Math.Min(Shared, Environment.ProcessorCount); workers *= 2)
                Show("workers", workers, growth, growth.Seeds(Shared), workers);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Show(string what, int number, Growth growth, IReadOnlyList<Trial> trials, int workers = 1)
    {
        var seconds = growth.Seconds(trials, workers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-10} {number,6} {seconds,9:F2} {seconds / trials.Count,9:F2}"));
    }

    private sealed record Growth(DatasetSource Source, string Folder, int Epochs)
    {
        private TrialSpec Whole => new()
        {
            Data = new DataReference { Path = Source.Path, Digest = Source.Md5 },
            Fit = new() { Epochs = Epochs },
        };

        internal IReadOnlyList<Trial> Seeds(int count) => [.. Enumerable.Range(0, count).Select(seed => new Trial(Whole with { Seed = seed }, "seed"))];

        internal IReadOnlyList<Trial> Folds(int count) =>
            [.. Enumerable.Range(0, count).Select(fold => new Trial(Whole with { Data = Whole.Target.WithFold(new() { Folds = count }, fold) }, "fold"))];

        internal Trial Sample(int images) => new(Whole with { Data = Whole.Target with { TrainImages = images } }, "sample");

        /// <summary>From nothing, reading the file included.</summary>
        internal double Seconds(IReadOnlyList<Trial> trials, int workers)
        {
            var runs = Path.Combine(Folder, "runs");
            var clock = Stopwatch.StartNew();
            using (var runner = new TrialRunner(runs, [Source]) { Workers = workers }) runner.Run(trials);
            clock.Stop();
            Directory.Delete(runs, recursive: true);
            return clock.Elapsed.TotalSeconds;
        }
    }
}
