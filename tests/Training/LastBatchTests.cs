using MedTransfer.Evaluation;
using MedTransfer.Training;
using MedTransfer.Transfer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

/// <summary>Batch norm has no variance to learn from a single image: one that is left over joins the batch before.</summary>
[Collection(OneAtATime.Name)]
public sealed class LastBatchTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(21, 10, 10, 11)]
    [InlineData(22, 10, 10, 10, 2)]
    [InlineData(20, 10, 10, 10)]
    [InlineData(11, 10, 11)]
    [InlineData(21, 64, 21)]
    [InlineData(5, 2, 2, 3)]
    public void Image_that_is_left_over_joins_the_batch_before(int images, int size, params int[] batches) =>
        Assert.Equal(batches, Fit(Network(normalised: true), images, size).Sizes);

    [Fact]
    public void Image_that_is_left_over_is_a_batch_where_nothing_learns_from_its_spread()
    {
        Assert.Equal([10, 10, 1], Fit(Network(normalised: false), 21, 10).Sizes);
        Assert.Equal([10, 10, 1], Fit(Network(normalised: true), 21, 10, new() { Phases = [new() { Trained = ["head"] }] }).Sizes);
        Assert.Equal([10, 10, 1], Fit(Network(normalised: true), 21, 10, new() { KeepsStatistics = true }, "features.norm").Sizes);
    }

    [Fact]
    public void Batch_norm_counts_its_batches_unless_its_statistics_are_kept()
    {
        long Counted(TransferPlan plan, params string[] transferred) =>
            Fit(Network(normalised: true), 21, 10, plan, transferred).Model.state_dict()["features.norm.num_batches_tracked"].item<long>();

        Assert.Equal(2, Counted(TransferPlan.Scratch));
        Assert.Equal(0, Counted(new() { KeepsStatistics = true }, "features.norm"));
        Assert.Equal(2, Counted(new() { KeepsStatistics = true }, "features.linear"));   // what was not transferred has no statistics to keep
    }

    // the loss of an image is its number: their mean whatever the batches
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_image_counts_once_in_the_mean_loss(bool normalised) =>
        Assert.Equal(10, Fit(Network(normalised), 21, 10).Record!.TrainLoss, 1e-5);

    [Theory]
    [InlineData(21, 1, "Batch norm learns from the spread of several images, and the batch size is 1: give it 2 or more, or keep the statistics of the source.")]
    [InlineData(1, 10, "Batch norm learns from the spread of several images, and there is 1 training image: give it 2 or more, or keep the statistics of the source.")]
    public void Single_images_are_refused(int images, int size, string said)
    {
        var error = Assert.Throws<MedTransferException>(() => Fit(Network(normalised: true), images, size));

        Assert.Equal((said, true), (error.Message, error.IsUsage));
        Assert.Equal(images, Fit(Network(normalised: true), images, size, new() { KeepsStatistics = true }, "features.norm").Sizes.Sum());
    }

    private static Learner Fit(nn.Module<Tensor, Tensor> model, int images, int size, TransferPlan? plan = null, params string[] transferred)
    {
        var learner = new Learner(model, images);
        new Trainer(new() { Epochs = 1, BatchSize = size }, 1) { Plan = plan ?? TransferPlan.Scratch, Transferred = transferred }
            .Fit(learner, record => learner.Record = record, TestContext.Current.CancellationToken);
        return learner;
    }

    private static Sequential Network(bool normalised)
    {
        var linear = ("linear", (nn.Module<Tensor, Tensor>)nn.Linear(5, 3));
        return nn.Sequential(("features", normalised ? nn.Sequential(linear, ("norm", nn.BatchNorm1d(3))) : nn.Sequential(linear)), ("head", nn.Linear(3, 1)));
    }

    private sealed class Learner(nn.Module<Tensor, Tensor> model, int images) : ILearner
    {
        private readonly Tensor inputs = linspace(0, 1, images * 5).reshape(images, 5);

        public List<int> Sizes { get; } = [];

        public EpochRecord? Record { get; set; }

        public nn.Module Model => model;

        public int Count => images;

        public Device Device => CPU;

        public BatchLoss Loss(Tensor indices)
        {
            Sizes.Add((int)indices.shape[0]);
            return model.call(inputs.index_select(0, indices)).mul(0).mean().add(indices.to(ScalarType.Float32).mean());
        }

        public Validation Validate()
        {
            model.eval();   // as predictors do
            return new Validation(1, MetricValues.None);
        }
    }
}
