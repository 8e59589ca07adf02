using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Resampling;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

/// <summary>Embeddings are kept where a model has them; pixels come from the dataset.</summary>
[Collection(OneAtATime.Name)]
public sealed class EmbeddingFilesTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Embeddings_of_validation_are_refused_not_taken_from_another_split()
    {
        var result = data.Run(data.Trial)[0];

        var error = Assert.Throws<MedTransferException>(() => result.Embeddings(SplitName.Validation));

        Assert.All(["train", "test", "validation"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.Throws<MedTransferException>(() => result.Folder.EmbeddingsPath(SplitName.Validation));
    }

    [Theory]
    [InlineData("pixelRegression", "pixel regression")]
    [InlineData("meanBrightness", "mean brightness")]
    [InlineData("majorityClass", "majority class")]
    public void Control_that_learns_no_embedding_keeps_none_and_says_so(string architecture, string name)
    {
        var result = data.Run(Control(Architecture.TryFind(architecture)!, data.Spec.Target))[0];

        Assert.DoesNotContain(Directory.GetFiles(result.Folder.FullPath), file => Path.GetFileName(file).StartsWith("embeddings", StringComparison.Ordinal));
        Assert.Contains($"{name} learns none", Assert.Throws<MedTransferException>(() => result.Embeddings(SplitName.Test)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_stays_below_twice_what_its_set_takes()
    {
        NpzWriter.Write(data["many.npz"],
        [
            new("train_images", Squares.Pixels(300)), new("train_labels", Squares.Labels(300)),
            new("val_images", Squares.Pixels(50)), new("val_labels", Squares.Labels(50)),
            new("test_images", Squares.Pixels(100)), new("test_labels", Squares.Labels(100)),
        ]);
        var source = DatasetSource.Find(data["many.npz"], new DataFolders([]));
        var reference = new DataReference { Path = source.Path, Digest = source.Md5 };
        using var runner = new TrialRunner(data.Runs, [source]);
        Trial cnn = new(data.Spec with { Data = reference, Model = new(), Fit = new() { Epochs = 1 } }, "CNN"), pixels = Control(Architecture.PixelRegression, reference);
        Trial[] members = [cnn, new(cnn.Spec with { Seed = 2 }, "CNN")];
        var ensemble = new Trial(new TrialSpec { Data = reference, Members = [.. members.Select(member => member.Name)] }, "ensemble");

        var results = runner.Run([.. members, pixels, ensemble], cancellation: TestContext.Current.CancellationToken);

        Assert.All(results, result => Assert.InRange(Directory.GetFiles(result.Folder.FullPath).Sum(file => new FileInfo(file).Length), 1, 2 * 450 * 28 * 28));
    }

    [Fact]
    public void Pixels_are_those_that_the_trial_saw_of_its_sample_and_fold()
    {
        var sampled = (data.Spec.Target with { TrainImages = 24, SampleSeed = 7 }).WithFold(new ResamplingOptions { Folds = 4, Seed = 3 }, 1);
        var result = data.Run(Control(Architecture.PixelRegression, sampled))[0];
        using var whole = data.Source.Load();

        foreach (var split in new[] { SplitName.Train, SplitName.Test })
        {
            var (seen, predicted) = (RawPixels.Of(whole, sampled, split), result.Predictions(split));
            var file = Squares.Pixels(40);   // folds hold out training images
            Assert.Equal(predicted.FileIndices!.Count, seen.Points.GetLength(0));
            Assert.Equal(predicted.Labels.Values.Cast<byte>().Select(label => (int)label), seen.Classes);
            for (var row = 0; row < seen.Points.GetLength(0); row++)
            {
                for (var pixel = 0; pixel < 28 * 28; pixel++)
                    Assert.Equal(file[predicted.FileIndices[row], pixel / 28, pixel % 28] * 2 / 255.0 - 1, seen.Points[row, pixel], 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(14, 14)]
    [InlineData(28, 28)]
    [InlineData(32, 28)]
    [InlineData(64, 28)]
    [InlineData(100, 28)]
    [InlineData(224, 28)]
    public void Large_images_are_averaged(int imageSize, int side) => Assert.Equal(side, RawPixels.SideOf(imageSize));

    [Fact]
    public void Averages_are_over_squares_of_pixels()
    {
        var images = new byte[4, 56, 56];
        (images[1, 0, 0], images[1, 0, 1], images[1, 1, 0], images[1, 1, 1]) = (255, 255, 255, 51);   // the first of 28 x 28 squares of 2 x 2
        NpzWriter.Write(data["large.npz"],
        [
            new("train_images", images), new("train_labels", Squares.Labels(4)),
            new("val_images", images), new("val_labels", Squares.Labels(4)),
            new("test_images", images), new("test_labels", Squares.Labels(4)),
        ]);
        var source = DatasetSource.Find(data["large.npz"], new DataFolders([]));
        using var whole = source.Load();

        var points = RawPixels.Of(whole, new() { Path = source.Path, Digest = source.Md5 }, SplitName.Test).Points;

        Assert.Equal((4, 28 * 28), (points.GetLength(0), points.GetLength(1)));
        Assert.Equal((3 * 1 - 0.6) / 4, points[1, 0], 1e-6);
        Assert.Equal(-1, points[1, 1], 1e-6);
    }

    private Trial Control(Architecture architecture, DataReference reference) => new(
        data.Spec with
        {
            Data = reference,
            Model = new() { Architecture = architecture },
            Transfer = TransferPlan.RandomFeatures,
            Fit = new() { Solver = Solver.LogisticRegression },
        },
        "control");
}
