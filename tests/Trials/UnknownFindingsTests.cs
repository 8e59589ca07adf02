using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

/// <summary>A set in which a finding is not known of some images, from its file to its tables.</summary>
[Collection(OneAtATime.Name)]
public sealed class UnknownFindingsTests : IDisposable
{
    private readonly SquaresTrials data = new();
    private readonly DatasetSource source;

    public UnknownFindingsTests()
    {
        NpzWriter.Write(data["findings.npz"],
        [
            new("train_images", Squares.Pixels(40)), new("train_labels", Findings(40)),
            new("val_images", Squares.Pixels(20, first: 1)), new("val_labels", Findings(20)),
            new("test_images", Squares.Pixels(20, first: 2)), new("test_labels", Findings(20)),
        ]);
        source = DatasetSource.Find(data["findings.npz"], new DataFolders([]));
    }

    private TrialSpec Spec => data.Spec with { Data = new DataReference { Path = source.Path, Digest = source.Md5 } };

    public void Dispose() => data.Dispose();

    [Fact]
    public void Rows_have_an_empty_field_and_are_read_back_as_they_were()
    {
        var result = Run(Spec);

        var rows = File.ReadLines(result.Folder.PredictionsPath).ToList();
        Assert.StartsWith("train,0,0,,", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("train,1,1,1,", rows[2], StringComparison.Ordinal);
        var labels = result.Predictions(SplitName.Train).Labels;
        Assert.Equal((10, true, false), (labels.MissingCount, labels.IsMissing(0, 1), labels.IsMissing(1, 1)));
        Assert.Equal(LabelTask.MultiLabel, result.Metrics.Task);
        Assert.Equal(20, result.Metrics.Test!.Scores.Images);
    }

    [Theory]
    [InlineData(Solver.Adam)]
    [InlineData(Solver.LogisticRegression)]
    public void What_is_unknown_is_not_learned_as_absent(Solver solver)
    {
        var spec = Spec with { Model = new() { Architecture = Architecture.PixelRegression }, Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = solver, Epochs = 30, BatchSize = 8 } };

        var predictions = Run(spec).Predictions(SplitName.Train);

        // the second finding is present wherever it is known of images that look like those of which it is not
        var unknown = Enumerable.Range(0, 40).Where(image => predictions.Labels.IsMissing(image, 1)).Select(image => predictions.Probabilities[image, 1]).ToList();
        Assert.True(unknown.Average() > 0.3, $"{unknown.Average()}");
    }

    [Theory]
    [InlineData("train", "train")]
    [InlineData("val", "validation")]
    [InlineData("test", "test")]
    public void A_split_of_which_nothing_is_known_is_refused_before_anything_trains(string split, string inWords)
    {
        var none = new float[20, 2];
        for (var image = 0; image < 20; image++)
            none[image, 0] = none[image, 1] = float.NaN;
        NpzWriter.Write(data["none.npz"],
        [
            .. new[] { "train", "val", "test" }.SelectMany<string, KeyValuePair<string, Array>>(name =>
                [new($"{name}_images", Squares.Pixels(20)), new($"{name}_labels", name == split ? none : Findings(20))]),
        ]);
        var set = DatasetSource.Find(data["none.npz"], new DataFolders([]));
        using var runner = new TrialRunner(data.Runs, [set]);
        Trial Of(Objective objective) => new(Spec with { Objective = objective, Data = new DataReference { Path = set.Path, Digest = set.Md5 } }, "nothing known");

        var error = Assert.Throws<MedTransferException>(() => runner.Run([Of(Objective.Classification)], cancellation: TestContext.Current.CancellationToken));

        Assert.StartsWith($"{set.Path}: of the 20 {inWords} images of a training no finding of any is known", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Runs) && Directory.EnumerateDirectories(data.Runs).Any(folder => Path.GetFileName(folder).Length == 16));
        runner.Run([Of(Objective.Reconstruction)], cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Points_of_images_that_may_be_healthy_or_not_are_left_out_of_maps()
    {
        var embeddings = Run(Spec).Embeddings(SplitName.Train);

        // of every fourth image only the first finding is known, and absent
        Assert.Equal((30, 10), (embeddings.Classes.Count, embeddings.LeftOut));
        Assert.Equal(30, embeddings.Points.GetLength(0));
    }

    private TrialResult Run(TrialSpec spec)
    {
        using var runner = new TrialRunner(data.Runs, [source]);
        return runner.Run([new Trial(spec, "findings")], cancellation: TestContext.Current.CancellationToken)[0];
    }

    // the square is the first finding; the second is present in half of the images, whatever they look like, and not known of every fourth
    private static float[,] Findings(int count)
    {
        var findings = new float[count, 2];
        for (var image = 0; image < count; image++)
            (findings[image, 0], findings[image, 1]) = (image % 2, image % 4 == 0 ? float.NaN : image % 4 == 3 ? 0 : 1);
        return findings;
    }
}
