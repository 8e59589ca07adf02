using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Objectives.TwoViews;

[Collection(OneAtATime.Name)]
public sealed class TwoViewLearningTests : IDisposable
{
    // 33 images in batches of 16: one would be left alone
    private static readonly FitOptions Options = new() { Epochs = 4, BatchSize = 16 };
    private static readonly ModelOptions Model = new() { Latent = 8 };

    private readonly Dataset data = Squares.Dataset(LabelTask.BinaryClass, 2, 33);
    private readonly TemporaryFolder temporary = new();

    public void Dispose()
    {
        data.Dispose();
        temporary.Dispose();
    }

    public static TheoryData<TwoViewLearning> Kinds => [new VicRegularisation { ProjectionWidth = 32 }, new ContrastiveLearning { ProjectionWidth = 32 }];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Same_seed_gives_the_same_bits_and_another_others(TwoViewLearning kind)
    {
        var (bits, fit) = Train(kind, data);

        Assert.Equal(bits, Train(kind, data).Bits);
        Assert.NotEqual(bits, Train(kind, data, seed: 2).Bits);
        Assert.All(fit.History, epoch => Assert.True(double.IsFinite(epoch.TrainLoss) && double.IsFinite(epoch.ValidationLoss!.Value)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_stopped_after_an_epoch_goes_on_to_the_same_bits(TwoViewLearning kind)
    {
        var (bits, fit) = Train(kind, data);
        Assert.Throws<OperationCanceledException>(() => Train(kind, data, checkpoint: Checkpoint, onEpoch: epoch => _ = epoch.Epoch == 2 ? throw new OperationCanceledException() : 0));
        var told = new List<int>();

        var resumed = Train(kind, data, checkpoint: Checkpoint, onEpoch: epoch => told.Add(epoch.Epoch));

        Assert.Equal([3, 4], told);
        Assert.Equal(fit.History, resumed.Fit.History);
        Assert.Equal(bits, resumed.Bits);
    }

    // squares differ in one thing alone, so that views have to differ in more for embeddings to fill more than one direction
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Images_are_learnt_to_be_known_again_and_nothing_collapses(TwoViewLearning kind)
    {
        using var many = Squares.Dataset(LabelTask.BinaryClass, 2, 96);
        var strong = new Augmentation { Shift = 0.15, Rotation = 15, Scale = 0.25, Brightness = 0.2, Contrast = 0.4 };

        var fit = Train(kind with { Views = strong }, many, Options with { Epochs = 12, LearningRate = 5e-3 }).Fit;

        var (first, last) = (fit.History[0], fit.History[^1]);
        Assert.True(last.ValidationLoss < first.ValidationLoss, $"{first.ValidationLoss} became {last.ValidationLoss}");
        Assert.False(EmbeddingSpread.OfValues(last.Validation)!.IsCollapsed);
        Assert.InRange(last.Validation[Metric.ProbeRocAuc]!.Value, 0.95, 1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Labels_change_no_bit_of_the_weights(TwoViewLearning kind)
    {
        using var other = With(data.Info, Relabelled);
        using var unlabelled = With(data.Info with { Task = null, LabelNames = [] }, split => new(split.Images.alias().DetachFromDisposeScope(), Labels.Empty(split.Count), null));

        var (bits, fit) = Train(kind, data);

        Assert.Equal([Metric.EffectiveRank, Metric.EmbeddingDeviation, Metric.ProbeRocAuc], fit.History[0].Validation.Names);
        Assert.Equal(fit.History[0].Validation.Names, kind.MetricsOn(data.Info));
        Assert.Equal(bits, Train(kind, other).Bits);
        var without = Train(kind, unlabelled).Fit;
        Assert.Equal([Metric.EffectiveRank, Metric.EmbeddingDeviation], without.History[0].Validation.Names);
        Assert.Equal(without.History[0].Validation.Names, kind.MetricsOn(unlabelled.Info));
        Assert.Equal(fit.History.Select(epoch => epoch.TrainLoss), without.History.Select(epoch => epoch.TrainLoss));
    }

    [Fact]
    public void Without_validation_images_the_spread_is_that_of_training_images()
    {
        using var trained = new Dataset(data.Info, "", data.Train.Subset([.. Enumerable.Range(0, 32)]), data.Validation.Subset([]), data.Test.Subset([]));

        var record = Train(new VicRegularisation(), trained).Fit.History[^1];

        Assert.Null(record.ValidationLoss);
        Assert.InRange(record.Validation[Metric.EffectiveRank]!.Value, 1, 8);
        Assert.Null(record.Validation[Metric.ProbeRocAuc]);
    }

    // the two views are not one, and each image has its own
    [Fact]
    public void Views_are_drawn_twice()
    {
        using var scope = NewDisposeScope();
        using var model = TwoViewEncoder.Create(Model, data.Info, 8, 1);
        var images = rand(6, 1, Squares.Size, Squares.Size).mul(2).sub(1);
        var still = new Augmentation { Shift = 0, Rotation = 0, Scale = 0, Brightness = 0, Contrast = 0 };

        Assert.Equal(0, new ViewPairs(model, still, VicTerms.Invariance).Loss(images).item<float>());
        Assert.NotEqual(0, new ViewPairs(model, still with { Brightness = 0.3 }, VicTerms.Invariance).Loss(images).item<float>());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_image_alone_has_nothing_to_lose(TwoViewLearning kind)
    {
        using var model = kind.Create(Model, data.Info, 1);
        using var alone = data.Test.Subset([0]);

        var measured = kind.Measure(model, alone, new(data.Info, Model, TransferPlan.Scratch, CPU));

        Assert.Equal(0, measured.Loss);
        Assert.Null(measured.Scores.Values[Metric.EffectiveRank]);
        using var order = ViewPairs.NoneAlone(arange(33, ScalarType.Int64), 16);
        Assert.Equal(32, order.shape[0]);
        Assert.Equal(34, ViewPairs.NoneAlone(arange(34, ScalarType.Int64), 16).shape[0]);
        Assert.Equal(1, ViewPairs.NoneAlone(arange(1, ScalarType.Int64), 16).shape[0]);
    }

    [Fact]
    public void Looking_at_images_draws_nothing_and_changes_no_weight()
    {
        using var scope = NewDisposeScope();
        using var model = TwoViewEncoder.Create(Model, data.Info, 8, 1);
        using var learner = new TwoViewLearner(new(model, new VicRegularisation().Views, VicTerms.Invariance), data, 16, CPU);
        var before = model.Bits();
        manual_seed(3);
        var expected = rand(4);

        manual_seed(3);
        var (first, second) = (learner.Validate(), learner.Validate());

        Assert.Equal(expected.data<float>().ToArray(), rand(4).data<float>().ToArray());
        Assert.Equal(first, second);
        Assert.Equal(before, model.Bits());
    }

    [Fact]
    public void Loss_that_is_measured_is_that_of_the_last_validation()
    {
        var kind = new ContrastiveLearning();
        using var model = kind.Create(Model, data.Info, 1);
        var fit = kind.Fit(model, new(new(data), Model, TransferPlan.Scratch, Options, 1, CPU));

        var measured = kind.Measure(model, data.Validation, new(data.Info, Model, TransferPlan.Scratch, CPU) { Options = Options, MostEmbeddings = 3 });

        Assert.Equal(fit.History[^1].ValidationLoss, measured.Loss);
        Assert.Equal(fit.History[^1].Validation[Metric.EffectiveRank], measured.Scores.Values[Metric.EffectiveRank]);
        Assert.Equal((3, 8), (measured.Embeddings!.GetLength(0), measured.Embeddings.GetLength(1)));
    }

    private Checkpoint Checkpoint => new(temporary["checkpoint"]) { Interval = TimeSpan.Zero };

    private static (string Bits, FitResult Fit) Train(TwoViewLearning kind, Dataset on, FitOptions? options = null, long seed = 1, Checkpoint? checkpoint = null, Action<EpochRecord>? onEpoch = null)
    {
        using var model = kind.Create(Model, on.Info, seed);
        var fit = kind.Fit(model, new(new(on), Model, TransferPlan.Scratch, options ?? Options, seed, CPU) { Checkpoint = checkpoint, OnEpoch = onEpoch });
        return (model.Bits(), fit);
    }

    private Dataset With(DatasetInfo info, Func<Split, Split> changed) => new(info, "", changed(data.Train), changed(data.Validation), changed(data.Test));

    // each image gets the label of the other class
    private static Split Relabelled(Split split)
    {
        var labels = new byte[split.Count, 1];
        for (var image = 0; image < split.Count; image++)
            labels[image, 0] = (byte)(1 - split.Labels[image, 0]);
        return new(split.Images.alias().DetachFromDisposeScope(), Labels.Of(labels), null);
    }
}
