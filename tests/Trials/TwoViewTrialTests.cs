using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Evaluation;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class TwoViewTrialTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    private TrialSpec Spec => data.Spec with { Objective = new VicRegularisation { ProjectionWidth = 16 } };

    public static TheoryData<TwoViewLearning> Kinds => [new VicRegularisation { ProjectionWidth = 16 }, new ContrastiveLearning { ProjectionWidth = 16 }];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Finished_trial_has_every_artefact_and_nothing_else(TwoViewLearning kind)
    {
        var result = data.Run(new Trial(Spec with { Objective = kind }, "views"))[0];

        Assert.Equal(
            ["embeddings-test.npy", "embeddings-train.npy", "environment.json", "history.csv", "images.csv", "metrics.json", "spec.json", "weights.safetensors"],
            Directory.GetFileSystemEntries(result.Folder.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["projector.0.bias", "projector.0.weight", "projector.2.bias", "projector.2.weight"],
            result.Folder.ReadWeights().Keys.Where(name => !name.StartsWith("features.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.StartsWith(
            "epoch,learning_rate,train_loss,validation_loss,validation_effective_rank,validation_embedding_deviation,validation_probe_roc_auc\n",
            File.ReadAllText(Path.Combine(result.Folder.FullPath, "history.csv")), StringComparison.Ordinal);
        Assert.Equal((20, 8), (result.Embeddings(SplitName.Test).Points.GetLength(0), result.Embeddings(SplitName.Test).Points.GetLength(1)));
        Assert.Equal(result.Metrics.Parameters, result.Metrics.TrainableParameters);
        Assert.Equal(result.History[^1].ValidationLoss, result.Metrics.Validation!.Loss);
        Assert.Equal((null, false), (result.Metrics.Task, result.IsScoredOnTest));
        Assert.Equal(kind.Title, result.Trial.Spec.Describe());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Runs_in_two_folders_are_the_same_to_the_byte(TwoViewLearning kind)
    {
        var trial = new Trial(Spec with { Objective = kind }, "views");

        var first = data.RunTwice(trial);

        Assert.Equal(JsonSerializer.Serialize(first.Metrics), JsonSerializer.Serialize(data.Run(trial)[0].Metrics));
        Assert.Equal(trial.Spec.Objective, first.Folder.ReadSpec().Objective);
    }

    [Fact]
    public void Encoder_goes_to_a_classifier_frozen_and_fine_tuned()
    {
        var parent = new Trial(Spec, "views");
        var frozen = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(parent.AsOrigin) }, "frozen");
        var tuned = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(parent.AsOrigin) }, "tuned");
        var further = new Trial(Spec with { Transfer = TransferPlan.FineTuned(parent.AsOrigin), Seed = 2 }, "further");

        var results = data.Run(frozen, tuned, further, parent);

        var (ofFrozen, ofTuned, ofParent) = (results[0].Folder.ReadWeights(), results[1].Folder.ReadWeights(), results[3].Folder.ReadWeights());
        var features = ofParent.Keys.Where(name => name.StartsWith("features.", StringComparison.Ordinal)).ToList();
        Assert.All(results.Take(3), result => Assert.Equal(Architecture.ConvNet.FeatureLayerNames, result.Metrics.Transferred));
        Assert.All(results, result => Assert.Empty(result.Metrics.NotTransferred));
        Assert.All(features, name => Assert.Equal(ofParent[name].Data.ToArray(), ofFrozen[name].Data.ToArray()));
        Assert.All(features, name => Assert.NotEqual(ofParent[name].Data.ToArray(), ofTuned[name].Data.ToArray()));
        Assert.Equal("VICReg, fine-tuned", further.Spec.Describe());
    }

    [Fact]
    public void Images_need_no_labels_but_one_alone_is_refused()
    {
        NpzWriter.Write(data["unlabelled.npz"],
        [
            new("train_images", Squares.Pixels(40)), new("val_images", Squares.Pixels(20, first: 1)), new("test_images", Squares.Pixels(20, first: 2)),
        ]);
        var source = DatasetSource.Find(data["unlabelled.npz"], new DataFolders([]));
        var reference = new DataReference { Path = source.Path, Digest = source.Md5, TrainImages = 30, SampleSeed = 5 };
        using var runner = new TrialRunner(data.Runs, [source]);

        var result = runner.Run([new Trial(Spec with { Data = reference }, "views")], cancellation: TestContext.Current.CancellationToken)[0];

        Assert.Equal(30, result.Metrics.Train.Scores.Images);
        Assert.False(result.History[0].Validation.Has(Metric.ProbeRocAuc));
        Assert.Empty(result.Embeddings(SplitName.Test).Classes);
        Assert.Contains("there is 1 to train on", Assert.Throws<MedTransferException>(() => runner.Run(
            [new Trial(Spec with { Data = reference with { TrainImages = 1 } }, "views")], cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    // nothing asks for variance, so that every image may as well be the same
    [Fact]
    public void Collapse_is_told_where_it_happened_and_nowhere_else()
    {
        var spread = Spec with { Fit = Spec.Fit with { Epochs = 15, LearningRate = 5e-3 } };
        var collapsed = spread with { Objective = new VicRegularisation { VarianceWeight = 0, CovarianceWeight = 0, ProjectionWidth = 16 } };

        var results = data.Run(new Trial(collapsed, "collapsed"), new Trial(spread, "views"));

        Assert.True(results[0].Metrics.Collapsed, $"{results[0].Metrics.Train.Scores.Values[Metric.EffectiveRank]}, {results[0].Metrics.Train.Scores.Values[Metric.EmbeddingDeviation]}");
        Assert.Null(results[1].Metrics.Collapsed);
        Assert.Equal([true, false], results.Select(result => File.ReadAllText(Path.Combine(result.Folder.FullPath, "metrics.json")).Contains("collapsed", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_image_counts_twice_as_work()
    {
        using var runner = data.Runner();

        Assert.Equal(2 * runner.Work(data.Trial), runner.Work(new Trial(Spec, "views")));
    }

    [Fact]
    public void Best_epoch_is_that_of_the_lowest_validation_loss() => data.AssertKeepsLowestLoss(Spec, learningRate: 0.03);

    [Fact]
    public void What_does_not_go_together_is_a_usage_error()
    {
        foreach (var (spec, named) in new[]
        {
            (Spec with { Transfer = TransferPlan.RandomFeatures }, "all of its parts"),
            (Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "Logistic regression"),
            (Spec with { Fit = new() { Keep = KeptEpoch.Best } }, "by the loss"),
            (Spec with { Fit = new() { EarlyStopping = new() { Metric = Metric.ProbeRocAuc } } }, "by the loss"),
            (Spec with { Fit = new() { Balance = ClassBalance.Sampling } }, "balance"),
            (Spec with { Fit = new() { BatchSize = 1 } }, "2 or more"),
            (Spec with { Model = new() { Architecture = Architecture.PixelRegression } }, "learns no features"),
            (Spec with { Objective = new VicRegularisation { ProjectionWidth = 0 } }, "units"),
            (Spec with { Objective = new VicRegularisation { VarianceWeight = -1 } }, "variance is -1"),
            (Spec with { Objective = new VicRegularisation { CovarianceWeight = double.NaN } }, "covariance is NaN"),
            (Spec with { Objective = new VicRegularisation { InvarianceWeight = 0, VarianceWeight = 0, CovarianceWeight = 0 } }, "nothing to learn"),
            (Spec with { Objective = new ContrastiveLearning { Temperature = 0 } }, "temperature"),
        })
        {
            var error = Assert.Throws<MedTransferException>(() => new Trial(spec, ""));

            Assert.True(error.IsUsage);
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_spec_names_it_with_its_options()
    {
        var text = JsonSerializer.Serialize(Spec with { Objective = new ContrastiveLearning { Temperature = 0.2 } }, TrialJson.Compact);

        Assert.Contains("""
            "objective":{"name":"simclr","temperature":0.2,"views":{"shift":0.1,"rotation":10,"scale":0.15,"brightness":0.1,"contrast":0.2,"flip":false},"projectionWidth":128}
            """.Trim(), text, StringComparison.Ordinal);
        Assert.Equal(new ContrastiveLearning { Temperature = 0.2 }, JsonSerializer.Deserialize<TrialSpec>(text, TrialJson.Compact)!.Objective);
    }
}
