using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;

namespace MedTransfer.Tests.Training;

/// <summary>A pretraining of each network, done once.</summary>
public sealed class Pretrained : IDisposable
{
    private readonly Dataset data = Squares.Dataset(LabelTask.BinaryClass, 2, images: 24);
    private readonly Dictionary<string, IReadOnlyDictionary<string, SafeTensor>> weights = [];

    /// <summary>The study's CNN, and a residual network of one block a stage: of 28 pixels its last stage has 1 x 1 maps.</summary>
    public static IReadOnlyDictionary<string, ModelOptions> Models { get; } = new Dictionary<string, ModelOptions>
    {
        ["convNet"] = new() { Latent = 8 },
        ["resNet18"] = new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1) },
    };

    /// <summary>All weights and buffers as a training from there begins, and as it ends.</summary>
    public (IReadOnlyDictionary<string, SafeTensor> Before, IReadOnlyDictionary<string, SafeTensor> After) Train(string network, TransferPlan plan, FitOptions fit)
    {
        using var model = Classifier.Create(Models[network], data.Info, 2);
        var transfer = FeatureTransfer.Apply(model, Weights(network));
        var before = Stored(model);
        Fit(model, network, plan.Checked(Models[network]), fit, transfer.Taken);
        return (before, Stored(model));
    }

    public void Dispose() => data.Dispose();

    private IReadOnlyDictionary<string, SafeTensor> Weights(string network)
    {
        if (weights.TryGetValue(network, out var known))
            return known;
        using var model = Classifier.Create(Models[network], data.Info, 1);
        Fit(model, network, TransferPlan.Scratch, new() { Epochs = 2, BatchSize = 24 }, []);
        return weights[network] = Stored(model);
    }

    private void Fit(Classifier model, string network, TransferPlan plan, FitOptions fit, IReadOnlyList<string> transferred)
    {
        using var embedder = new Embedder(store: null, "here");
        Objective.Classification.Fit(model, new(new(data), Models[network], plan, fit, 2, TorchSharp.torch.CPU) { Transferred = transferred, Embedder = embedder });
    }

    private static Dictionary<string, SafeTensor> Stored(Classifier model) => model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.ToStored());
}

/// <summary>What each plan may move, and what keeps every bit: parameters and, of batch norms, means, variances and counts.</summary>
[Collection(OneAtATime.Name)]
public sealed class PlansMoveTests(Pretrained pretrained) : IClassFixture<Pretrained>
{
    private static readonly FitOptions Three = new() { Epochs = 3, BatchSize = 24, LearningRate = 0.01 };

    // the layers of which nothing moves; of all others every parameter does, and every statistic
    [Theory]
    [InlineData("convNet", "frozen", "conv1 conv2 conv3 latent")]
    [InlineData("convNet", "frozen-to:conv2", "conv1 conv2")]
    [InlineData("convNet", "fine-tuned", "")]
    [InlineData("convNet", "lp-ft", "")]
    [InlineData("convNet", "gradual", "")]
    [InlineData("convNet", "discriminative", "")]
    [InlineData("convNet", "l2-sp", "")]
    [InlineData("resNet18", "frozen", "conv1 bn1 layer1 layer2 layer3 layer4")]
    [InlineData("resNet18", "frozen-to:layer2", "conv1 bn1 layer1 layer2")]
    [InlineData("resNet18", "frozen-to:conv1", "conv1")]
    [InlineData("resNet18", "fine-tuned", "")]
    [InlineData("resNet18", "lp-ft", "")]
    [InlineData("resNet18", "gradual", "")]
    [InlineData("resNet18", "discriminative", "")]
    [InlineData("resNet18", "l2-sp", "")]
    public void Layers_that_stay_keep_every_bit_and_all_others_move(string network, string plan, string still)
    {
        var moved = Moved(network, Plan(network, plan), Three);

        Assert.NotEmpty(moved);
        Assert.All(moved, weight => Assert.Equal(!IsWithin(weight.Key, still), weight.Value));
    }

    // batches are too small for statistics of their own: weights of batch norms train, means and variances are the source's
    [Theory]
    [InlineData("frozen-to:layer2", "conv1 bn1 layer1 layer2")]
    [InlineData("lp-ft", "")]
    [InlineData("gradual", "")]
    public void Kept_statistics_keep_every_bit_while_weights_train(string plan, string still)
    {
        var moved = Moved("resNet18", Plan("resNet18", plan).KeepingStatistics(), Three);

        Assert.Equal(36, moved.Count(weight => IsStatistic(weight.Key)));   // twelve batch norms
        Assert.All(moved, weight => Assert.Equal(!IsWithin(weight.Key, still) && !IsStatistic(weight.Key), weight.Value));
    }

    // in their phases stages that have not been unfrozen yet stay
    [Theory]
    [InlineData(2, "conv1 bn1 layer1 layer2 layer3")]
    [InlineData(3, "conv1 bn1 layer1 layer2")]
    public void Stages_stay_until_their_phase_comes(int phases, string still)
    {
        var gradual = Plan("resNet18", "gradual", 6);
        var begun = gradual with { Phases = [.. gradual.Phases.Take(phases - 1), gradual.Phases[phases - 1] with { Epochs = null }] };

        Assert.All(Moved("resNet18", begun, Three), weight => Assert.Equal(!IsWithin(weight.Key, still), weight.Value));
    }

    // other batches, so that the last bits may differ: rounding, and nothing that grows
    [Theory]
    [InlineData("frozen-to:layer3")]
    [InlineData("gradual")]
    public void What_is_cached_at_the_frozen_boundary_trains_as_passing_through_does(string name)
    {
        var fit = Three with { LearningRate = 1e-3 };
        var plan = Plan("resNet18", name);

        var (start, cached) = pretrained.Train("resNet18", plan, fit);
        var through = pretrained.Train("resNet18", plan, fit with { ThroughFrozenLayers = true }).After;

        Assert.All(through.Keys, weight =>
        {
            var apart = Distance(cached[weight], through[weight]);
            var moved = Distance(cached[weight], start[weight]);
            Assert.True(apart <= 0.02 * moved, $"{weight}: {apart} apart, {moved} from the start");
        });
    }

    private Dictionary<string, bool> Moved(string network, TransferPlan plan, FitOptions fit)
    {
        var (before, after) = pretrained.Train(network, plan, fit);
        return before.ToDictionary(weight => weight.Key, weight => !weight.Value.Data.Span.SequenceEqual(after[weight.Key].Data.Span));
    }

    private static TransferPlan Plan(string network, string name, int epochs = 3) =>
        NamedPlan.Parse(name).On(new TrialOrigin("elsewhere"), Pretrained.Models[network], epochs);

    private static bool IsWithin(string weight, string layers) =>
        layers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(layer => weight.StartsWith($"features.{layer}.", StringComparison.Ordinal));

    private static bool IsStatistic(string weight) => weight[(weight.LastIndexOf('.') + 1)..] is "running_mean" or "running_var" or "num_batches_tracked";

    private static double Distance(SafeTensor one, SafeTensor other)
    {
        using var a = one.ToTensor();
        using var b = other.ToTensor();
        return Math.Sqrt(a.to(TorchSharp.torch.float64).sub(b.to(TorchSharp.torch.float64)).square().sum().item<double>());
    }
}
