using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Objectives.Adaptation;
using MedTransfer.Training.Schedules;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Architecture = MedTransfer.Models.Architecture;

namespace MedTransfer.Tests.Trials.Golden;

/// <summary>
/// Small trainings of every architecture, solver, kind of transfer and option that decides numbers, on sets that are made here. A case that is changed
/// gets another name, as it can't be compared with what it was.
/// </summary>
internal sealed class GoldenRun : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DatasetSource squares, findings, colours;
    private readonly TrialSpec start;

    public GoldenRun()
    {
        squares = Set("squares", Squares.Pixels, Squares.Labels);
        findings = Set("findings", Squares.Pixels, Findings);
        colours = Set("colours", Colours, Thirds);
        start = new()
        {
            Data = Of(squares),
            Model = new() { Latent = 8 },
            Fit = new() { Epochs = 2, BatchSize = 16 },
            Seed = 1,
        };
    }

    /// <summary>Runs every case: the hash of each of its artefacts' numbers, by <c>case/artefact</c>.</summary>
    public SortedDictionary<string, string> Hashes(CancellationToken cancellation)
    {
        using var runner = new TrialRunner(folder["runs"], [squares, findings, colours]);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var result in runner.Run(Cases(), cancellation: cancellation))
        {
            foreach (var (artefact, numbers) in Numbers(result))
                hashes[$"{result.Trial.Label}/{artefact}"] = Convert.ToHexStringLower(SHA256.HashData(numbers))[..16];
        }

        return hashes;
    }

    public void Dispose() => folder.Dispose();

    private List<Trial> Cases()
    {
        var plain = new Trial(start, "cnn");
        var drawn = new Trial(start with { Objective = Objective.Reconstruction, Fit = start.Fit with { Augmentation = new() } }, "autoencoder");
        var halves = Enumerable.Range(0, 2)
            .Select(fold => new Trial(start with { Data = start.Target.WithFold(new ResamplingOptions { Folds = 2, Seed = 1 }, fold) }, $"cnn, fold {fold + 1}")).ToList();
        Trial Adapted(Objective objective, string label) =>
            new(Later(TransferPlan.FineTuned(plain.AsOrigin)) with { Objective = objective, Data = new TrialData { Target = start.Target, Source = Of(findings) with { Binarised = true } } }, label);
        TrialSpec Later(TransferPlan plan) => start with { Transfer = plan, Seed = 2 };
        return
        [
            plain,
            drawn,
            .. halves,
            new(start with { Members = [.. halves.Select(half => half.Name)] }, "ensemble"),
            new(start with { Data = start.Target with { TrainImages = 20, SampleSeed = 3 } }, "cnn, sample"),
            new(start with
            {
                Model = start.Model with { Dropout = 0.3 },
                Fit = new()
                {
                    Epochs = 5,
                    BatchSize = 16,
                    WeightDecay = 0.01,
                    Schedule = new OneCycle(),
                    EarlyStopping = new() { Patience = 1, MinChange = 0.05 },
                    Augmentation = new() { Flip = true },
                    Balance = ClassBalance.Loss,
                },
            }, "cnn, early stopping, dropout, augmentation, weighted loss"),
            new(start with
            {
                Fit = new() { Epochs = 3, BatchSize = 12, Schedule = new CosineDecay { WarmUp = 0.2 }, Keep = KeptEpoch.Best, KeptBy = Metric.Loss, CheckpointEvery = 2, Balance = ClassBalance.Sampling },
            }, "cnn, best epoch, balanced sampling"),
            new(start with { Fit = start.Fit with { Schedule = new StepDecay() }, Data = Of(findings) }, "cnn, findings"),
            new(start with { Data = Of(findings) with { Binarised = true } }, "cnn, findings merged"),
            new(start with { Data = Of(colours) }, "cnn, colours"),
            new(Later(TransferPlan.Frozen(plain.AsOrigin)), "frozen"),
            new(Later(TransferPlan.Frozen(plain.AsOrigin)) with { Fit = start.Fit with { ThroughFrozenLayers = true } }, "frozen, through all layers"),
            new(Later(TransferPlan.Frozen(plain.AsOrigin)) with { Fit = new() { Solver = Solver.LogisticRegression } }, "frozen, logistic regression"),
            new(Later(TransferPlan.RandomFeatures) with { Fit = new() { Solver = Solver.LogisticRegression, Balance = ClassBalance.Loss } }, "random features, logistic regression"),
            new(Later(TransferPlan.FineTuned(plain.AsOrigin)), "fine-tuned"),
            new(Later(TransferPlan.FineTuned(plain.AsOrigin).FrozenTo(2, new())), "frozen to the second layer"),
            new(Later(TransferPlan.FineTuned(drawn.AsOrigin)), "encoder, fine-tuned"),
            Adapted(new CorrelationAlignment(), "CORAL"),
            Adapted(new DiscrepancyAlignment(), "MMD"),
            Adapted(new AdversarialAlignment(), "DANN"),
            Adapted(new ImportanceWeighting(), "importance weighting"),
            new(start with { Objective = new RelationalDistillation(), Teacher = new(plain.AsOrigin, start.Model), Seed = 2 }, "relational distillation"),
            new(start with { Model = Model(Architecture.PixelRegression) }, "pixel regression"),
            new(start with { Model = Model(Architecture.PixelRegression), Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "pixel regression, converged"),
            new(start with { Model = Model(Architecture.PixelRegression), Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression }, Data = Of(findings) }, "pixel regression, converged, findings"),
            new(start with { Model = Model(Architecture.MajorityClass) }, "majority class"),
            new(start with { Model = Model(Architecture.MeanBrightness), Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "mean brightness, converged"),
        ];
    }

    private ModelOptions Model(Architecture architecture) => start.Model with { Architecture = architecture };

    private static IEnumerable<(string Artefact, byte[] Numbers)> Numbers(TrialResult result)
    {
        var metrics = result.Metrics;
        yield return ("weights", [.. result.Folder.ReadWeights().OrderBy(weight => weight.Key, StringComparer.Ordinal).SelectMany(weight => weight.Value.Data.ToArray())]);
        yield return ("history", Bytes(result.History.SelectMany(epoch => new[]
        {
            epoch.LearningRate, epoch.TrainLoss, epoch.ValidationLoss, epoch.Validation[Metric.Accuracy], epoch.Validation[Metric.BalancedAccuracy], epoch.Validation[Metric.RocAuc],
        })));
        yield return ("scores", Bytes(Enum.GetValues<SplitName>().Select(split => metrics[split]!).SelectMany(split => new[]
        {
            split.Loss, split.Scores.Values[Metric.Accuracy], split.Scores.Values[Metric.RocAuc], split.Scores.Values[Metric.BrierScore], split.Fidelity?.Mse, split.Fidelity?.Psnr, split.Fidelity?.Ssim,
        }).Prepend(metrics.KeptEpoch)));
        foreach (var split in new[] { SplitName.Test, SplitName.Train }.Where(split => File.Exists(result.Folder.EmbeddingsPath(split))))
            yield return ($"embeddings of {split}", MemoryMarshal.AsBytes<float>([.. result.Folder.ReadEmbeddings(split).Cast<float>()]).ToArray());
        if (result.History is [{ Training.Count: > 0 }, ..])
            yield return ("training", Bytes(result.History.SelectMany(epoch => epoch.Training.Names.Select(name => epoch.Training[name]))));
        if (result.Trial.Spec.Objective != Objective.Reconstruction)
        {
            yield return ("predictions", [.. Enum.GetValues<SplitName>().SelectMany(split =>
                MemoryMarshal.AsBytes<float>([.. result.Predictions(split).Probabilities.Cast<float>()]).ToArray())]);
            yield break;
        }

        using var reconstructions = result.Folder.ReadReconstructions();
        yield return ("reconstructions", reconstructions.Images.bytes.ToArray());
    }

    private static byte[] Bytes(IEnumerable<double?> numbers) => MemoryMarshal.AsBytes<double>([.. numbers.Select(number => number ?? -1)]).ToArray();

    private static DataReference Of(DatasetSource source) => new() { Path = source.Path, Digest = source.Md5 };

    private DatasetSource Set(string name, Func<int, int, int, Array> pixels, Func<int, byte[,]> labels)
    {
        var path = folder[$"{name}.npz"];
        NpzWriter.Write(path,
        [
            new("train_images", pixels(40, 0, 10)), new("train_labels", labels(40)),
            new("val_images", pixels(20, 1, 10)), new("val_labels", labels(20)),
            new("test_images", pixels(20, 2, 10)), new("test_labels", labels(20)),
        ]);
        return DatasetSource.Find(path, new DataFolders([]));
    }

    // a third of the images is red, a third green, a third blue
    private static byte[,,,] Colours(int count, int first, int left)
    {
        var (grey, pixels) = (Squares.Pixels(count, first, left), new byte[count, Squares.Size, Squares.Size, 3]);
        for (var image = 0; image < count; image++)
        {
            for (var pixel = 0; pixel < Squares.Size * Squares.Size; pixel++)
            {
                var (row, column) = (pixel / Squares.Size, pixel % Squares.Size);
                for (var channel = 0; channel < 3; channel++)
                    pixels[image, row, column, channel] = (byte)(grey[image, row, column] / (channel == image % 3 ? 1 : 2));
            }
        }

        return pixels;
    }

    private static byte[,] Thirds(int count) => Labels(count, 1, (image, _) => (byte)(image % 3));

    // of every two images one has none, the other the first or the second, or both
    private static byte[,] Findings(int count) => Labels(count, 2, (image, finding) => (byte)(image % 2 == 0 || image % 6 == 1 + 2 * finding ? 0 : 1));

    private static byte[,] Labels(int count, int columns, Func<int, int, byte> value)
    {
        var labels = new byte[count, columns];
        for (var image = 0; image < count; image++)
        {
            for (var column = 0; column < columns; column++) labels[image, column] = value(image, column);
        }

        return labels;
    }
}
