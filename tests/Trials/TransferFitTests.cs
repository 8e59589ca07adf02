using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

/// <summary>A transfer that takes nothing, or freezes what took nothing, is an error: before anything trains, and of the trial itself.</summary>
[Collection(OneAtATime.Name)]
public sealed class TransferFitTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    private TrialSpec Wider => data.Spec with { Model = new() { Latent = 9 } };

    private Trial Controls => new(data.Spec with { Model = new() { Architecture = Architecture.PixelRegression } }, "pixels");

    [Fact]
    public void Layer_that_would_stay_without_having_taken_anything_stops_all_before_any_trains()
    {
        var child = new Trial(Wider with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "wider, frozen");

        var error = Assert.Throws<MedTransferException>(() => data.Run(data.Trial, child));

        Assert.All(["wider, frozen", "features.latent", "(8, 576)", "(9, 576)", "fine-tune"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("features.conv1", error.Message, StringComparison.Ordinal);
        Assert.Empty(TrialFolder.Finished(data.Runs));
    }

    [Fact]
    public void Transfer_that_takes_nothing_stops_all_before_any_trains()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(Controls.AsOrigin) }, "from pixels");

        var error = Assert.Throws<MedTransferException>(() => data.Run(Controls, child));

        Assert.All(["from pixels", "nothing", "features.conv1: weight is not among the transferred weights"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.Empty(TrialFolder.Finished(data.Runs));
    }

    [Fact]
    public void Model_without_features_can_take_nothing()
    {
        var child = new Trial(Controls.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "pixels, frozen");

        Assert.Contains("no features", Assert.Throws<MedTransferException>(() => data.Run(data.Trial, child)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_may_train()
    {
        var tuned = new Trial(Wider with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin) }, "tuned");
        var deep = new Trial(Wider with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(3, new()) }, "all but latent");

        var results = data.Run(data.Trial, tuned, deep);

        Assert.All(results.Skip(1), result => Assert.Equal(["features.latent: weight is (8, 576), not (9, 576), bias is (8), not (9)"], result.Metrics.NotTransferred));
    }

    [Fact]
    public void Parent_that_is_done_is_judged_by_its_weights()
    {
        data.Run(data.Trial);
        var child = new Trial(Wider with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");

        Assert.Contains("can't be run", Assert.Throws<MedTransferException>(() => data.Run(child)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trial_itself_refuses_what_no_one_foresaw()
    {
        data.Run(data.Trial);
        var child = new Trial(Wider with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");
        using var images = new LoadedDatasets([data.Source]);

        var error = Assert.Throws<MedTransferException>(() => new TrialRun(data.Runs, images).Execute(child, _ => { }, TestContext.Current.CancellationToken));

        Assert.Contains("features.latent would stay frozen", error.Message, StringComparison.Ordinal);
        Assert.False(new TrialFolder(data.Runs, child.Name).IsDone);
    }

    [Fact]
    public void Autoencoder_of_other_images_is_known_not_to_fit_before_it_is_trained()
    {
        const string layer = "features.latent", reason = "weight is (8, 256), not (8, 576)";
        var source = Written(size: 16, channels: 1);
        var reference = new DataReference { Path = source.Path, Digest = source.Md5 };
        var parent = new Trial(new TrialSpec { Data = reference, Model = new() { Latent = 8 }, Objective = Objective.Reconstruction }, "autoencoder");
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(parent.AsOrigin) }, "frozen");
        using var runner = new TrialRunner(data.Runs, [source, data.Source]);

        var outcome = runner.Transfer(child, [parent]);

        Assert.Equal([new LeftLayer(layer, reason)], outcome.Left);
        Assert.Equal(3, outcome.Taken.Count);
        Assert.Contains(layer, child.Spec.Transfer.Obstacle(outcome), StringComparison.Ordinal);
        Assert.Null(TransferPlan.FineTuned(parent.AsOrigin).Obstacle(outcome));
        Assert.Contains(parent.Name, Assert.Throws<MedTransferException>(() => runner.Transfer(child, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_of_colour_images_are_frozen_on_grey_ones_and_the_result_says_so()
    {
        var source = Written(size: 28, channels: 3);
        var parent = new Trial(data.Spec with { Data = new DataReference { Path = source.Path, Digest = source.Md5 } }, "colour");
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(parent.AsOrigin) }, "grey");
        using var runner = new TrialRunner(data.Runs, [source, data.Source]);

        var foretold = runner.Transfer(child, [parent]);
        var result = runner.Run([parent, child], cancellation: TestContext.Current.CancellationToken)[1];

        string[] adapted = ["features.conv1.weight summed over 3 channels"];
        Assert.Equal(adapted, foretold.Adapted);
        Assert.Equal(adapted, result.Metrics.Adapted);
        Assert.Equal(adapted, result.Folder.Read(child).Metrics.Adapted);
        Assert.Empty(result.Metrics.NotTransferred);
    }

    private DatasetSource Written(int size, int channels)
    {
        Array Images(int count) => channels == 1 ? new byte[count, size, size] : new byte[count, size, size, channels];
        NpzWriter.Write(data["other.npz"],
        [
            new("train_images", Images(12)), new("train_labels", Squares.Labels(12)),
            new("val_images", Images(6)), new("val_labels", Squares.Labels(6)),
            new("test_images", Images(6)), new("test_labels", Squares.Labels(6)),
        ]);
        return DatasetSource.Find(data["other.npz"], new DataFolders([]));
    }
}
