using MedTransfer.Evaluation;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer;

/// <summary>Normalising layers of a part that stays keep their running means, which training mode would move.</summary>
[Collection(OneAtATime.Name)]
public sealed class FrozenWeightsTests : IDisposable
{
    private readonly NormalisedFeatures model = new(1);

    public void Dispose() => model.Dispose();

    [Fact]
    public void Frozen_part_keeps_every_bit_of_its_weights_and_buffers()
    {
        var frozen = new FrozenWeights(model, TransferPlan.RandomFeatures.Phases[0]);
        var (features, whole) = (model.Features.Bits(), model.Bits());

        Fit(model);

        Assert.Equal(features, model.Features.Bits());
        Assert.NotEqual(whole, model.Bits());
        frozen.AssertUnchanged();
    }

    [Fact]
    public void Layer_that_stays_among_others_that_train_keeps_its_buffers()
    {
        var frozen = new FrozenWeights(model, new() { Trained = ["features.linear", "head"] });

        Fit(model);

        Assert.Equal(0, Counter(model));
        frozen.AssertUnchanged();
    }

    [Fact]
    public void Part_that_trains_counts()
    {
        _ = new FrozenWeights(model, TransferPlan.Scratch.Phases[0]);

        Fit(model);

        Assert.Equal(2 * 2, Counter(model));   // two batches an epoch
    }

    [Fact]
    public void Running_mean_that_moved_is_noticed_and_named()
    {
        var frozen = new FrozenWeights(model, TransferPlan.RandomFeatures.Phases[0]);

        model.train();
        model.call(ones(3, 5)).Dispose();

        Assert.Contains("features.norm.", Assert.Throws<InvalidOperationException>(frozen.AssertUnchanged).Message, StringComparison.Ordinal);
    }

    private static long Counter(nn.Module model) => model.state_dict()["features.norm.num_batches_tracked"].item<long>();

    private static void Fit(NormalisedFeatures model)
    {
        using var learner = new Learner(model);
        new Trainer(new() { Epochs = 2, BatchSize = 10 }, 1).Fit(learner, cancellation: TestContext.Current.CancellationToken);
    }

    private sealed class Learner(NormalisedFeatures model) : ILearner, IDisposable
    {
        private readonly Tensor inputs = linspace(0, 1, 100).reshape(20, 5);

        public nn.Module Model => model;

        public int Count => 20;

        public Device Device => CPU;

        public BatchLoss Loss(Tensor indices) => model.call(inputs.index_select(0, indices)).sub(1).square().mean();

        public Validation Validate()
        {
            model.eval();   // as predictors do
            return new Validation(1, MetricValues.None);
        }

        public void Dispose() => inputs.Dispose();
    }
}
