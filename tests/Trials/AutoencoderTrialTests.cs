using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Evaluation;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class AutoencoderTrialTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    private TrialSpec Spec => data.Spec with { Objective = Objective.Reconstruction };

    [Fact]
    public void Finished_trial_has_every_artefact_and_nothing_else()
    {
        var result = data.Run(new Trial(Spec, "autoencoder"))[0];

        Assert.Equal(
            ["embeddings-test.npy", "embeddings-train.npy", "environment.json", "history.csv", "images.csv", "metrics.json", "reconstructions-test.npy", "spec.json", "weights.safetensors"],
            Directory.GetFileSystemEntries(result.Folder.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var drawn = result.Folder.ReadReconstructions();
        Assert.Equal([20, 1, Squares.Size, Squares.Size], drawn.Images.shape);
    }

    [Fact]
    public void Fidelity_is_read_back_and_scores_are_none()
    {
        var first = data.Run(new Trial(Spec, "autoencoder"))[0];

        var second = data.Run(new Trial(Spec, "autoencoder"))[0];

        Assert.Equal(JsonSerializer.Serialize(first.Metrics), JsonSerializer.Serialize(second.Metrics));
        Assert.Equal(first.History, second.History);
        Assert.Equal(20, second.Metrics.Fidelity(SplitName.Test).Images);
        Assert.Equal(second.Metrics.Test!.Loss, second.Metrics.Fidelity(SplitName.Test).Mse);
        Assert.Equal(second.History[^1].ValidationLoss!.Value, second.Metrics.Validation!.Loss, 1e-6);
        Assert.Throws<InvalidOperationException>(() => second.Metrics.Scores(SplitName.Test).Accuracy);
        Assert.Throws<InvalidOperationException>(() => data.Run(data.Trial)[0].Metrics.Fidelity(SplitName.Test));
    }

    [Fact]
    public void Runs_in_two_folders_are_the_same_to_the_byte() => data.RunTwice(new Trial(Spec, "autoencoder"));

    [Fact]
    public void Encoder_goes_to_a_classifier_frozen_and_fine_tuned()
    {
        var parent = new Trial(Spec, "autoencoder");
        var frozen = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(parent.AsOrigin) }, "frozen");
        var tuned = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(parent.AsOrigin) }, "tuned");

        var results = data.Run(frozen, tuned, parent);

        var (ofFrozen, ofTuned, ofParent) = (results[0].Folder.ReadWeights(), results[1].Folder.ReadWeights(), results[2].Folder.ReadWeights());
        var features = ofParent.Keys.Where(name => name.StartsWith("features.", StringComparison.Ordinal)).ToList();
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames, results[0].Metrics.Transferred);
        Assert.Empty(results[0].Metrics.NotTransferred);
        Assert.All(features, name => Assert.Equal(ofParent[name].Data.ToArray(), ofFrozen[name].Data.ToArray()));
        Assert.All(features, name => Assert.NotEqual(ofParent[name].Data.ToArray(), ofTuned[name].Data.ToArray()));
    }

    [Fact]
    public void Images_need_no_labels_and_a_classifier_is_still_refused_on_them()
    {
        NpzWriter.Write(data["unlabelled.npz"],
        [
            new("train_images", Squares.Pixels(40)), new("val_images", Squares.Pixels(20, first: 1)), new("test_images", Squares.Pixels(70, first: 2)),
        ]);
        var source = DatasetSource.Find(data["unlabelled.npz"], new DataFolders([]));
        var reference = new DataReference { Path = source.Path, Digest = source.Md5, TrainImages = 30, SampleSeed = 5 };
        using var runner = new TrialRunner(data.Runs, [source]);

        var result = runner.Run([new Trial(Spec with { Data = reference }, "autoencoder")], cancellation: TestContext.Current.CancellationToken)[0];

        Assert.Equal(30, result.Metrics.Fidelity(SplitName.Train).Images);
        Assert.Equal((70, 8), (result.Embeddings(SplitName.Test).Points.GetLength(0), result.Embeddings(SplitName.Test).Points.GetLength(1)));
        Assert.Empty(result.Embeddings(SplitName.Test).Classes);
        using var drawn = result.Folder.ReadReconstructions();
        Assert.Equal(64, drawn.Count);
        var error = Assert.Throws<MedTransferException>(() => runner.Run(
            [new Trial(data.Spec with { Data = reference }, "classifier")], cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("no labels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_have_the_classes_of_a_labelled_set()
    {
        var embeddings = data.Run(new Trial(Spec, "autoencoder"))[0].Embeddings(SplitName.Train);

        Assert.Equal(40, embeddings.Points.GetLength(0));
        Assert.Equal(SquaresTrials.TrainLabels.Cast<byte>().Select(label => (int)label), embeddings.Classes);
    }

    [Fact]
    public void Autoencoder_can_start_from_the_features_of_a_classifier()
    {
        var child = new Trial(Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin) }, "child");

        var metrics = data.Run(data.Trial, child)[1].Metrics;

        Assert.Equal(4, metrics.Transferred.Count);
        Assert.Equal(metrics.Parameters, metrics.TrainableParameters);
    }

    [Fact]
    public void Plan_solver_or_choice_that_an_autoencoder_cannot_have_is_a_usage_error()
    {
        foreach (var (spec, named) in new[]
        {
            (Spec with { Transfer = TransferPlan.RandomFeatures }, "all of its parts"),
            (Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "Logistic regression"),
            (Spec with { Fit = new() { Keep = KeptEpoch.Best } }, "no score but the loss"),
            (Spec with { Fit = new() { EarlyStopping = new() { Metric = Metric.RocAuc } } }, "no score but the loss"),
            (Spec with { Fit = new() { Balance = ClassBalance.Sampling } }, "balance"),
        })
        {
            var error = Assert.Throws<MedTransferException>(() => new Trial(spec, ""));

            Assert.True(error.IsUsage);
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Best_epoch_is_that_of_the_lowest_validation_loss() => data.AssertKeepsLowestLoss(Spec, learningRate: 0.5);

    [Fact]
    public void Images_smaller_than_the_window_of_the_similarity_are_refused_before_training()
    {
        NpzWriter.Write(data["small.npz"],
        [
            new("train_images", new byte[8, 10, 10]), new("val_images", new byte[8, 10, 10]), new("test_images", new byte[8, 10, 10]),
        ]);
        var source = DatasetSource.Find(data["small.npz"], new DataFolders([]));
        using var runner = new TrialRunner(data.Runs, [source]);

        var error = Assert.Throws<MedTransferException>(() => runner.Run(
            [new Trial(Spec with { Data = new DataReference { Path = source.Path, Digest = source.Md5 } }, "")], cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("11 at least", error.Message, StringComparison.Ordinal);
    }
}
