using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Checks;
using MedTransfer.Data.Images;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Trials;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>
/// One piece of work on a large set in a process of its own, by one thread. Prints numbers, the mebibytes of its own memory at most last.
/// <list type="bullet">
/// <item><c>unpack</c>: the set is unpacked below the folder, or found there; seconds.</item>
/// <item><c>checks</c>: every image is looked at for leaks and for what is odd about it; seconds.</item>
/// <item><c>speeds</c>: images a processor second, which what else runs changes less than a second, of so many images, drawn from all of the set: the CNN in training and embedding, a ResNet-18 likewise, of a tenth of them.</item>
/// <item><c>embed</c>: what an encoder of 512 values makes of all images, computed once and kept below the folder; seconds.</item>
/// <item><c>trial</c>: a whole trial that learns from so many images for an epoch and scores every split; seconds.</item>
/// </list>
/// </summary>
internal static class LargePartCommand
{
    private const string InMemory = "-";

    internal static void Run(string[] words)
    {
        if (words is not [var work, var file, var folder, var images] || !int.TryParse(images, out var count))
            throw new MedTransferException($"usage: large-part unpack|checks|speeds|embed|trial SET FOLDER|{InMemory} IMAGES") { IsUsage = true };
        ComputeDevice.Open("cpu", 1);
        var source = DatasetSource.Find(file, new DataFolders([]));
        var shared = folder == InMemory ? null : LoadedDatasets.Images(folder);
        using var memory = new AnonymousMemory();
        var numbers = work switch
        {
            "unpack" => [Seconds(() => source.Load(shared: shared).Dispose())],
            "speeds" => Speeds(source, shared, count),
            "checks" => [Seconds(() => Check(source, shared))],
            "embed" => [Seconds(() => Embed(source, shared, folder))],
            _ => [Seconds(() => Trial(source, folder, count))],
        };
        Console.WriteLine(string.Join(' ', numbers.Append(memory.Mebibytes).Select(number => number.ToString("F3", CultureInfo.InvariantCulture))));
    }

    /// <summary>The same, started from another process.</summary>
    /// <param name="folder">Of the trials and of what is unpacked; null for a set in memory.</param>
    internal static double[] Start(string work, string file, string? folder, int images)
    {
        string[] words = ["large-part", work, file, folder ?? InMemory, $"{images}"];
        var printed = Peer.Run(Environment.ProcessPath!, words) ?? throw new MedTransferException($"It failed; run '{string.Join(' ', words)}' by itself to see why.");
        return Array.ConvertAll(printed.Trim().Split('\n')[^1].Split(' '), word => double.Parse(word, CultureInfo.InvariantCulture));
    }

    private static void Check(DatasetSource source, SharedImages? shared)
    {
        using var data = source.Load(shared: shared);
        DatasetChecks.OfTarget(DatasetStatistics.Of(data));
        data.Test.ImagesDigest();
    }

    private static double[] Speeds(DatasetSource source, SharedImages? shared, int count)
    {
        using var data = source.Load(shared: shared);
        return
        [
            .. SpeedsOf(new(), data, count, batch: 64),
            .. SpeedsOf(new() { Architecture = Architecture.ResNet18 }, data, Math.Max(count / 10, data.Info.Outputs), batch: 16),
        ];
    }

    private static double[] SpeedsOf(ModelOptions options, Dataset data, int count, int batch)
    {
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(options, data.Info, 1);
        using var drawn = data.WithTrainSample(count, seed: 1);
        using var one = data.Validation.Subset([0]);
        var task = LearningTask.Of(data.Info);
        using var train = LabelledImages.On(CPU, drawn.Train, task);
        using var validation = LabelledImages.On(CPU, one, task);
        using var learner = new ClassifierLearner(model, train, validation);
        return
        [
            count / ProcessorSeconds(() => new Trainer(new() { Epochs = 1, BatchSize = batch }, 1).Fit(learner)),
            count / ProcessorSeconds(() => new Predictor(model).Embeddings(train.Images).Dispose()),
        ];
    }

    private static void Embed(DatasetSource source, SharedImages? shared, string folder)
    {
        using var data = source.Load(shared: shared);
        using var scope = NewDisposeScope();
        using var model = Classifier.Create(new() { Latent = 512 }, data.Info, 1);
        using var embedder = new Embedder(folder == InMemory ? null : new(Path.Combine(folder, "embeddings")), "bench");
        foreach (var split in SplitNames.All)
        {
            using var images = new ImageSet(data[split], CPU);
            new Predictor(model) { Embedder = embedder, Depth = model.Layers.Depth }.Embeddings(images).Dispose();
        }
    }

    private static void Trial(DatasetSource source, string folder, int count)
    {
        var spec = new TrialSpec { Data = new DataReference { Path = source.Path, Digest = source.Md5 }.Sample(count, 1), Fit = new() { Epochs = 1 } };
        using var runner = new TrialRunner(folder, [source]);
        runner.Run([new Trial(spec, "trial")]);
    }

    // the system's share, which fetches pages, among them
    private static double ProcessorSeconds(Action work)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        work();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
