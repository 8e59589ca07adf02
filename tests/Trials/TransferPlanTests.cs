using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class TransferPlanTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Layers_up_to_the_frozen_depth_stay_and_the_others_train()
    {
        var child = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(2, new()), Seed = 2 }, "frozen to conv2");

        var results = data.Run(data.Trial, child);

        var (before, after) = (results[0].Folder.ReadWeights(), results[1].Folder.ReadWeights());
        Assert.Equal(
            ["features.conv1.bias", "features.conv1.weight", "features.conv2.bias", "features.conv2.weight"],
            before.Keys.Where(name => before[name].Data.Span.SequenceEqual(after[name].Data.Span)).Order(StringComparer.Ordinal));
        // conv3: 64 x 32 x 3 x 3 + 64, latent: 8 x 576 + 8, head: 2 x 8 + 2
        Assert.Equal(18_496 + 4_616 + 18, results[1].Metrics.TrainableParameters);
    }

    [Fact]
    public void Depths_at_the_ends_are_fine_tuned_and_frozen()
    {
        Assert.Equal(Name(TransferPlan.FineTuned(data.Trial.AsOrigin)), Name(TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(0, new())));
        Assert.Equal(Name(TransferPlan.Frozen(data.Trial.AsOrigin)), Name(TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(4, new())));
        Assert.Equal(Name(TransferPlan.RandomFeatures), Name(TransferPlan.Scratch.FrozenTo(4, new())));
    }

    [Theory]
    [InlineData("fine-tuned", "features", "head")]
    [InlineData("fine-tuned", "features.conv1", "features.conv2", "features.conv3", "features.latent", "head")]
    [InlineData("frozen to conv2", "features.conv3", "features.latent", "head")]
    [InlineData("frozen: conv2, conv3, latent", "features.conv1")]
    [InlineData("frozen", "head")]
    [InlineData("frozen: conv1, conv3", "features.conv2", "features.latent", "head")]
    public void Spec_says_which_layers_stay(string said, params string[] trained) =>
        Assert.Equal(said, (data.Spec with { Transfer = TransferPlan.Training(trained) with { Origin = data.Trial.AsOrigin } }).Describe());

    [Fact]
    public void Images_pass_features_once_where_nothing_below_the_head_changes()
    {
        bool Once(TransferPlan plan, FitOptions fit, Architecture? architecture = null) =>
            (data.Spec with { Transfer = plan, Fit = fit, Model = new() { Architecture = architecture ?? Architecture.ConvNet } }).EmbedsOnce;
        var frozen = TransferPlan.Frozen(data.Trial.AsOrigin);

        Assert.True(Once(frozen, new()));
        Assert.True(Once(TransferPlan.RandomFeatures, new() { Balance = ClassBalance.Sampling }));
        Assert.True(Once(TransferPlan.RandomFeatures, new() { Solver = Solver.LogisticRegression }, Architecture.PixelRegression));
        Assert.False(Once(frozen, new() { Augmentation = new() }));
        Assert.False(Once(frozen, new() { ThroughFrozenLayers = true }));
        Assert.False(Once(TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(3, new()), new()));
        Assert.False(Once(TransferPlan.Scratch, new()));
        Assert.False(Once(TransferPlan.RandomFeatures, new(), Architecture.PixelRegression));
    }

    [Fact]
    public void Frozen_trial_ends_as_one_through_all_layers()
    {
        var frozen = data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin), Model = data.Spec.Model with { Dropout = 0.3 } };
        var through = frozen with { Fit = frozen.Fit with { ThroughFrozenLayers = true } };

        var results = data.Run(data.Trial, new Trial(frozen, "once"), new Trial(through, "through"));

        Assert.Equal("frozen, through all layers", through.Describe());
        var (pretrained, once, anew) = (results[0].Folder.ReadWeights(), results[1].Folder.ReadWeights(), results[2].Folder.ReadWeights());
        Assert.All(once.Keys, name =>
        {
            Assert.All(Floats(once[name]).Zip(Floats(anew[name])), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.Equal(name.StartsWith("features.", StringComparison.Ordinal), once[name].Data.Span.SequenceEqual(pretrained[name].Data.Span));
        });
    }

    [Fact]
    public void Spec_says_that_layers_at_random_stay() =>
        Assert.Equal("random features to conv1", (data.Spec with { Transfer = TransferPlan.Scratch.FrozenTo(1, new()) }).Describe());

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void Depth_the_cnn_does_not_have_is_refused(int depth)
    {
        var error = Assert.Throws<MedTransferException>(() => TransferPlan.FineTuned(data.Trial.AsOrigin).FrozenTo(depth, new()));

        Assert.True(error.IsUsage);
        Assert.Contains("0 to 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_those_whose_weights_the_model_has()
    {
        using var model = Classifier.Create(data.Spec.Model, Squares.Info, 1);

        Assert.Equal(
            Architecture.ConvNet.FeatureLayerNames.Append("head"),
            model.named_parameters().Select(parameter => parameter.name[..parameter.name.LastIndexOf('.')]).Distinct());
    }

    private string Name(TransferPlan plan) => new Trial(data.Spec with { Transfer = plan }, "").Name;

    private static float[] Floats(SafeTensor stored)
    {
        var values = new float[stored.Data.Length / sizeof(float)];
        Buffer.BlockCopy(stored.Data.ToArray(), 0, values, 0, stored.Data.Length);
        return values;
    }
}
