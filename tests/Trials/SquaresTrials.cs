using System.Security.Cryptography;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

/// <summary>A folder with a small data file, and specs of trials on it.</summary>
internal sealed class SquaresTrials : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SquaresTrials()
    {
        NpzWriter.Write(folder["squares.npz"],
        [
            new("train_images", Squares.Pixels(40)), new("train_labels", TrainLabels),
            new("val_images", Squares.Pixels(20, first: 1)), new("val_labels", Squares.Labels(20)),
            new("test_images", Squares.Pixels(20, first: 2)), new("test_labels", Squares.Labels(20)),
        ]);
        Source = DatasetSource.Find(folder["squares.npz"], new DataFolders([]));
        Spec = new TrialSpec
        {
            Data = new DataReference { Path = Source.Path, Digest = Source.Md5 },
            Model = new ModelOptions { Latent = 8 },
            Fit = new FitOptions { Epochs = 2, BatchSize = 16 },
            Seed = 1,
        };
    }

    /// <summary>What the training images of the file are.</summary>
    public static byte[,] TrainLabels => Squares.Labels(40);

    public DatasetSource Source { get; }

    public TrialSpec Spec { get; }

    public Trial Trial => new(Spec, "scratch");

    public string Runs => folder["runs"];

    public string this[string name] => folder[name];

    public TrialRunner Runner(string? runs = null) => new(runs ?? Runs, [Source]);

    public IReadOnlyList<TrialResult> Run(params IEnumerable<Trial> trials)
    {
        using var runner = Runner();
        return runner.Run(trials, cancellation: TestContext.Current.CancellationToken);
    }

    /// <summary>Runs the trial here and in another folder, and holds where it leaves the same bytes in both; what it left here.</summary>
    public TrialResult RunTwice(Trial trial)
    {
        var first = Run(trial)[0];
        using var runner = Runner(folder["elsewhere"]);

        var second = runner.Run([trial], cancellation: TestContext.Current.CancellationToken)[0];

        Assert.NotEqual(first.Folder.FullPath, second.Folder.FullPath);
        Assert.Equal(Artefacts(first.Folder.FullPath), Artefacts(second.Folder.FullPath));
        return first;
    }

    /// <summary>Holds where the weights that were kept and measured are those of the epoch with the lowest validation loss, in a training that is stopped early.</summary>
    public void AssertKeepsLowestLoss(TrialSpec spec, double learningRate)
    {
        var result = Run(new Trial(spec with { Fit = spec.Fit with { Epochs = 3, LearningRate = learningRate, EarlyStopping = new() } }, "stopped"))[0];

        var losses = result.History.Select(epoch => epoch.ValidationLoss!.Value).ToList();
        Assert.Equal(losses.IndexOf(losses.Min()) + 1, result.Metrics.KeptEpoch);
        Assert.Equal(losses.Min(), result.Metrics.Validation!.Loss, 1e-6);
    }

    /// <summary>Every artefact of a trial but the one that holds times, with the digest of its bytes.</summary>
    public static IReadOnlyList<(string Name, string Digest)> Artefacts(string folder) =>
    [
        .. Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != "environment.json").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))))),
    ];

    public void Dispose() => folder.Dispose();
}
