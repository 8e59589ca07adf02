using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Data.Formats;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Classification;
using MedTransfer.Models.Weights;
using MedTransfer.Recipes;
using MedTransfer.Runtime;
using MedTransfer.Tests.Runtime;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using Microsoft.FSharp.Collections;
using Outcome = MedTransfer.Recipes.Outcome;

namespace MedTransfer.Tests.Scripts;

/// <summary>What a split of a trial that never ran is to show: figures as given, or those of given predictions.</summary>
internal sealed record HandMadeSplit
{
    /// <summary>A row an image, as in predictions.csv.</summary>
    public byte[,] Labels { get; private init; } = new byte[0, 1];

    public float[,] Probabilities { get; private init; } = new float[0, 2];

    public required Scores Scores { get; init; }

    public double Loss { get; init; } = 0.5;

    /// <summary>Whose the images are; ten patients where only figures are given.</summary>
    public Patients Patients { get; private init; } = Patients.OfImages(0);

    /// <summary>
    /// A split of which only these figures are known; all others are undefined. Its predictions have them, and patients who are all alike, so that
    /// these vary nothing: intervals of its scores are Student's over seeds.
    /// </summary>
    public static HandMadeSplit Of(double accuracy, double? auc, int images = 100) => AlikePatients.Of(accuracy, auc) with
    {
        Scores = new Scores
        {
            Images = images,
            Values = new([new(Metric.Accuracy, accuracy), new(Metric.RocAuc, auc), new(Metric.RocAucTerms, auc is null ? 0 : 1), new(Metric.BrierScore, 0.25)]),
        },
    };

    /// <summary>Two classes: an image's class and the probability of class 1. The figures are those of the predictions.</summary>
    public static HandMadeSplit Of(IReadOnlyList<(byte Class, float OfClass1)> images)
    {
        var (labels, probabilities) = (new byte[images.Count, 1], new float[images.Count, 2]);
        for (var i = 0; i < images.Count; i++)
            (labels[i, 0], probabilities[i, 0], probabilities[i, 1]) = (images[i].Class, 1 - images[i].OfClass1, images[i].OfClass1);
        return new()
        {
            Labels = labels,
            Probabilities = probabilities,
            Patients = Patients.OfImages(images.Count),
            Scores = ClassificationScores.OfClasses(probabilities, labels),
        };
    }

    /// <summary>Ten patients, each with as many positives as negatives and the same predictions.</summary>
    private static class AlikePatients
    {
        private const int Count = 10;

        public static HandMadeSplit Of(double accuracy, double? auc)
        {
            // as many as in most others, or the fewest that have both figures
            var each = Enumerable.Range(2, 199).Prepend(50).FirstOrDefault(m => IsWhole(accuracy * 2 * m) && IsWhole((auc ?? 0.5) * m * m), 100);
            var (right, below) = ((int)Math.Round(accuracy * 2 * each), (int)Math.Round((auc ?? 0.5) * each * each));
            var (labels, probabilities) = (new byte[Count * 2 * each, 1], new float[Count * 2 * each, 2]);
            for (var image = 0; image < labels.Length; image++)
            {
                var place = image % (2 * each);
                // negatives at 1, 2, ...; positives above as many of them as it takes
                var isPositive = place >= each;
                var above = Math.Clamp(below - (place - each) * each, 0, each);
                labels[image, 0] = (byte)(isPositive && auc is not null ? 1 : 0);
                probabilities[image, 1] = (isPositive ? above + 0.5f : place + 1) / (2 * each);
                // the answer is the larger of the two, whatever the second is by itself
                var answer = place < right ? labels[image, 0] : 1 - labels[image, 0];
                probabilities[image, 0] = answer == 1 ? 0 : 1;
            }

            return new()
            {
                Labels = labels,
                Probabilities = probabilities,
                Patients = Patients.Of([.. Enumerable.Range(0, labels.Length).Select(image => image / (2L * each))], labels.Length),
                Scores = new() { Images = 0, Values = MetricValues.None },
            };
        }

        private static bool IsWhole(double x) => Math.Abs(x - Math.Round(x)) < 1e-9;
    }

    /// <summary>Findings (N, L) and their probabilities. The figures are those of the predictions.</summary>
    public static HandMadeSplit OfFindings(byte[,] labels, float[,] probabilities) =>
        new() { Labels = labels, Probabilities = probabilities, Scores = ClassificationScores.OfFindings(probabilities, labels) };
}

/// <summary>What a trial that never ran is to have left.</summary>
internal sealed record HandMade
{
    public static readonly HandMadeSplit Usual = HandMadeSplit.Of(0.7, 0.75);

    public bool IsControl { get; init; }

    public TargetSize Size { get; init; } = TargetSize.AllImages;

    /// <summary>Whether all seeds share one trial, as with a control without randomness.</summary>
    public bool OneTrial { get; init; }

    public HandMadeSplit Train { get; init; } = Usual;

    public HandMadeSplit Validation { get; init; } = Usual;

    public HandMadeSplit Test { get; init; } = Usual;

    /// <summary>Validation AUC, training and validation loss, an epoch each.</summary>
    public IReadOnlyList<(double? ValidationAuc, double TrainLoss, double ValidationLoss)> Epochs { get; init; } = [(0.75, 0.5, 0.5)];

    public double TrainingSeconds { get; init; } = 1;

    public long TrainedWeights { get; init; } = 100;

    public IReadOnlyList<string> NotTransferred { get; init; } = [];

    public IReadOnlyList<string>? Adapted { get; init; }

    public ChosenPenalty? Penalty { get; init; }

    /// <summary>(n, D), of the first images of the predictions; none are written where null.</summary>
    public float[,]? TrainEmbeddings { get; init; }

    public float[,]? TestEmbeddings { get; init; }

    /// <summary>Name of the trial whose features it keeps; null where it keeps none.</summary>
    public string? FrozenFrom { get; init; }

    /// <summary>Its head, (K, D) and K; no weights are written where null.</summary>
    public (float[,] Weights, float[] Biases)? Head { get; init; }

    public LabelTask Task { get; init; } = LabelTask.BinaryClass;

    /// <summary>The folds, where the way is their mean.</summary>
    public IReadOnlyList<HandMade> Parts { get; init; } = [];
}

/// <summary>Outcomes of trials that never ran, with known figures and the files that sections read, in a folder of their own.</summary>
internal sealed class HandMadeOutcomes : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>One outcome of a way.</summary>
    public Outcome Outcome(string way, int seed, HandMade made)
    {
        ResultOf Part(int fold) => new($"{way}, fold {fold + 1}", seed, made.Parts[fold]);
        var parts = ListModule.OfSeq(Enumerable.Range(0, made.Parts.Count).Select(Part).Select(Result));
        var result = Result(new(way, made.OneTrial ? 0 : seed, made));
        var of = new Way(way, made.IsControl, made.Size, seed, result.Trial, ListModule.OfSeq(parts.Select(part => part.Trial)), ListModule.Empty<Trial>());
        return new(of, result, parts, made.Test.Patients, ListModule.Empty<TrialResult>());
    }

    /// <summary>A way's outcomes, one for each of the seeds 0, 1, ...</summary>
    public IEnumerable<Outcome> Way(string way, params IEnumerable<HandMade> seeds) => seeds.Select((made, seed) => Outcome(way, seed, made)).ToList();

    /// <summary>A way known by its test accuracies and AUCs alone, one for each of the seeds 0, 1, ...</summary>
    public IEnumerable<Outcome> Way(string way, params (double Accuracy, double Auc)[] test) =>
        Way(way, test.Select(seed => new HandMade { Test = HandMadeSplit.Of(seed.Accuracy, seed.Auc) }));

    /// <summary>A trial that is nobody's way: a pretraining.</summary>
    public TrialResult Result(string label, int seed, HandMade made) => Result(new ResultOf(label, seed, made));

    public void Dispose() => folder.Dispose();

    private TrialResult Result(ResultOf of)
    {
        var (label, seed, made) = of;
        var trial = new Trial(
            new TrialSpec
            {
                Data = new DataReference { Path = "hand-made", Digest = DigestOf($"{label}, {made.Size}") },
                Transfer = made.FrozenFrom is { } parent ? TransferPlan.Frozen(new TrialOrigin(parent)) : TransferPlan.Scratch,
                Seed = seed,
            },
            label);
        var at = new TrialFolder(folder.Path, trial.Name);
        Directory.CreateDirectory(at.FullPath);
        WholeFile.WriteText(at.PredictionsPath, TrialPredictions.Format(
            [Predictions(SplitName.Train, made.Train), Predictions(SplitName.Validation, made.Validation), Predictions(SplitName.Test, made.Test)]));
        if (made.TrainEmbeddings is { } train)
            NpyWriter.Write(at.EmbeddingsPath(SplitName.Train), train);
        if (made.TestEmbeddings is { } test)
            NpyWriter.Write(at.EmbeddingsPath(SplitName.Test), test);
        var metrics = Metrics(made);
        if (made.Head is { } head)
        {
            Safetensors.Write(at.WeightsPath, new Dictionary<string, SafeTensor> { ["head.weight"] = Stored(head.Weights, head.Weights.GetLength(0), head.Weights.GetLength(1)), ["head.bias"] = Stored(head.Biases, head.Biases.Length) });
            WholeFile.WriteText(Path.Combine(at.FullPath, "metrics.json"), JsonSerializer.Serialize(metrics with { WeightsDigest = WeightFile.DigestOf(at.WeightsPath) }, TrialJson.Options));
        }

        return new(trial, at, metrics, Environment(made), History(made));
    }

    private static SafeTensor Stored(Array values, params long[] shape)
    {
        var bytes = new byte[Buffer.ByteLength(values)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return new(SafeTensorType.F32, shape, bytes);
    }

    private static SplitPredictions Predictions(SplitName name, HandMadeSplit split) => new(name, null, MedTransfer.Data.Labels.Of(split.Labels), split.Probabilities);

    private static TrialMetrics Metrics(HandMade made) => new()
    {
        Train = Measured(made.Train),
        Validation = Measured(made.Validation),
        Test = Measured(made.Test),
        Task = made.Task,
        WeightsDigest = "",
        Epochs = made.Epochs.Count,
        KeptEpoch = made.Epochs.Count,
        Parameters = made.TrainedWeights,
        TrainableParameters = made.TrainedWeights,
        Transferred = [],
        NotTransferred = made.NotTransferred,
        Adapted = made.Adapted,
        ChosenPenalty = made.Penalty,
    };

    private static SplitMetrics Measured(HandMadeSplit split) => new(split.Loss, split.Scores);

    private static TrialEnvironment Environment(HandMade made) => new()
    {
        MedTransfer = "0.0.0",
        TorchSharp = "0.0.0",
        Runtime = "hand-made",
        System = "hand-made",
        Device = "cpu",
        Threads = 1,
        DataPath = "hand-made",
        DataDigest = "",
        Finished = DateTimeOffset.UnixEpoch,
        TrainingSeconds = made.TrainingSeconds,
        TotalSeconds = made.TrainingSeconds,
    };

    private static IReadOnlyList<EpochRecord> History(HandMade made) =>
        [.. made.Epochs.Select((epoch, i) => new EpochRecord(i + 1, 1e-3, epoch.TrainLoss, epoch.ValidationLoss, new([new(Metric.RocAuc, epoch.ValidationAuc)])))];

    // trials of other ways and sizes have other names
    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private sealed record ResultOf(string Label, int Seed, HandMade Made);
}
