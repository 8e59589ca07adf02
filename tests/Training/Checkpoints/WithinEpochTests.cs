using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Objectives.Adaptation;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Training.Schedules;
using MedTransfer.Transfer;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Checkpoints;

/// <summary>Trainings of every kind that are stopped between two steps of an epoch, and go on.</summary>
[Collection(OneAtATime.Name)]
public sealed class WithinEpochTests : IDisposable
{
    /// <summary>Steps of an epoch: 44 images in batches of 8, 4 left.</summary>
    private const int Steps = 6;

    private static readonly ModelOptions Model = new() { Latent = 8, Dropout = 0.3 };

    private static readonly FitOptions Usual = new() { Epochs = 3, BatchSize = 8, LearningRate = 3e-3, Schedule = new OneCycle() };

    private readonly Dataset target = Squares.Dataset(LabelTask.BinaryClass, 2, 44);
    private readonly Dataset source = Squares.Dataset(LabelTask.BinaryClass, 2, 20);   // fewer: they come again and again
    private readonly Classifier teacher = Classifier.Create(new() { Latent = 12 }, Squares.Info, seed: 7);
    private readonly TemporaryFolder temporary = new();

    public void Dispose()
    {
        target.Dispose();
        source.Dispose();
        teacher.Dispose();
        temporary.Dispose();
    }

    public static TheoryData<Objective, FitOptions, TransferPlan> Kinds => new()
    {
        { Objective.Classification, Usual with { Keep = KeptEpoch.Best, Augmentation = new(), WeightDecay = 0.01 }, TransferPlan.Scratch },
        { Objective.Classification, Usual with { Balance = ClassBalance.Sampling, EarlyStopping = new() { Patience = 3 } }, TransferPlan.Scratch.FrozenTo(2, Model) },
        { Objective.Classification, Usual with { ThroughFrozenLayers = true }, TransferPlan.Gradual(Model, 3) },
        { Objective.Reconstruction, Usual with { Augmentation = new() }, TransferPlan.Scratch },
        { new VicRegularisation { ProjectionWidth = 16 }, Usual, TransferPlan.Scratch },
        { new ContrastiveLearning { ProjectionWidth = 16 }, Usual with { Keep = KeptEpoch.Best, KeptBy = MedTransfer.Evaluation.Metric.Loss }, TransferPlan.Scratch },
        { new CorrelationAlignment(), Usual with { Augmentation = new() }, TransferPlan.Scratch },
        { new AdversarialAlignment(), Usual, TransferPlan.Scratch },
        { new ImportanceWeighting(), Usual, TransferPlan.Scratch },
        { new RelationalDistillation(), Usual, TransferPlan.Scratch },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_stopped_between_two_steps_goes_on_to_the_same_bits(Objective kind, FitOptions options, TransferPlan plan)
    {
        var (bits, fit) = Train(kind, options, plan);
        foreach (var steps in new[] { 2, Steps + 4, 2 * Steps + 5 })   // within each of three epochs
        {
            Assert.Throws<OperationCanceledException>(() => Train(kind, options, plan, stopAfter: steps));
            Assert.NotEmpty(new CheckpointFolder(temporary["checkpoint"]).Read()!.Epoch);

            var resumed = Train(kind, options, plan, stopAfter: int.MaxValue);

            Assert.Equal(fit.History, resumed.Fit.History);
            Assert.Equal((fit.KeptEpoch, bits), (resumed.Fit.KeptEpoch, resumed.Bits));
            Assert.Equal(3 - steps / Steps, resumed.Fit.EpochSeconds.Count);
            new Checkpoint(temporary["checkpoint"]).Delete();
        }
    }

    [Fact]
    public void Training_stopped_again_and_again_ends_with_the_same_bits()
    {
        var options = Usual with { Augmentation = new() };
        var (bits, fit) = Train(Objective.Classification, options, TransferPlan.Scratch);
        for (var stop = 0; stop < 5; stop++)
            Assert.Throws<OperationCanceledException>(() => Train(Objective.Classification, options, TransferPlan.Scratch, stopAfter: 3));

        var resumed = Train(Objective.Classification, options, TransferPlan.Scratch, stopAfter: int.MaxValue);

        Assert.Equal(fit.History, resumed.Fit.History);
        Assert.Equal(bits, resumed.Bits);
    }

    [Fact]
    public void What_is_frozen_is_written_once_and_a_training_that_goes_on_does_not_write_it_again()
    {
        var plan = TransferPlan.Scratch.FrozenTo(2, Model);
        Assert.Throws<OperationCanceledException>(() => Train(Objective.Classification, Usual, plan, stopAfter: 3));
        var frozen = new FileInfo(Assert.Single(Directory.GetFiles(temporary["checkpoint"], "frozen*")));
        var names = new CheckpointFolder(temporary["checkpoint"]).Read()!.Frozen!.Keys;
        Assert.Equal(["features.conv1.bias", "features.conv1.weight", "features.conv2.bias", "features.conv2.weight"], names.Order(StringComparer.Ordinal));
        File.SetLastWriteTimeUtc(frozen.FullName, DateTime.UnixEpoch);

        Assert.Throws<OperationCanceledException>(() => Train(Objective.Classification, Usual, plan, stopAfter: 5));

        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(temporary["checkpoint"], "frozen*"))));
    }

    [Fact]
    public void Between_two_steps_it_is_written_only_where_it_is_time()
    {
        Assert.Throws<InvalidOperationException>(() => Train(Objective.Classification, Usual, TransferPlan.Scratch, stopAfter: 4, interval: TimeSpan.FromHours(1), dies: true));
        Assert.False(Directory.Exists(temporary["checkpoint"]));

        Assert.Throws<InvalidOperationException>(() => Train(Objective.Classification, Usual, TransferPlan.Scratch, stopAfter: Steps + 4, interval: TimeSpan.FromHours(1), dies: true));
        var state = new CheckpointFolder(temporary["checkpoint"]).Read()!;
        Assert.Equal((1, 0, (long)Steps), (state.Progress.History.Count, state.Epoch.Count, state.Progress.Steps));
    }

    /// <summary>Whatever the interval: a cluster's time limit tells beforehand.</summary>
    [Fact]
    public void Stopped_training_leaves_where_it_was_stopped()
    {
        var (bits, fit) = Train(Objective.Classification, Usual, TransferPlan.Scratch);
        var never = TimeSpan.FromDays(1);
        Assert.Throws<OperationCanceledException>(() => Train(Objective.Classification, Usual, TransferPlan.Scratch, stopAfter: Steps + 3, interval: never));

        var state = new CheckpointFolder(temporary["checkpoint"]).Read()!;
        Assert.Equal((1, (long)Steps + 3), (state.Progress.History.Count, state.Progress.Steps));
        Assert.NotEmpty(state.Epoch);
        Assert.Equal(bits, Train(Objective.Classification, Usual, TransferPlan.Scratch, stopAfter: int.MaxValue, interval: never).Bits);
        Assert.Equal(3, fit.History.Count);
    }

    [Fact]
    public void Training_whose_folder_is_another_s_writes_nothing_more_when_it_is_stopped()
    {
        Assert.Throws<OperationCanceledException>(() => Train(Objective.Classification, Usual, TransferPlan.Scratch, stopAfter: Steps + 3, isLost: true));

        Assert.Null(new CheckpointFolder(temporary["checkpoint"]).Read());
    }

    [Fact]
    public void Eight_bit_moments_go_on_to_nearly_the_same()
    {
        var (_, fit) = Train(Objective.Classification, Usual, TransferPlan.Scratch);
        Assert.Throws<OperationCanceledException>(() => Train(Objective.Classification, Usual, TransferPlan.Scratch, stopAfter: Steps + 4, moments: MomentPrecision.EightBit));
        var stored = new CheckpointFolder(temporary["checkpoint"]).Read()!.Moments;
        Assert.Equal(["first.codes", "first.scales", "second.codes", "second.scales"], stored.Keys.Order(StringComparer.Ordinal));

        var resumed = Train(Objective.Classification, Usual, TransferPlan.Scratch, stopAfter: int.MaxValue, moments: MomentPrecision.EightBit);

        Assert.Equal(fit.History[0], resumed.Fit.History[0]);
        Assert.NotEqual(fit.History[2], resumed.Fit.History[2]);
        Assert.Equal(fit.History[2].TrainLoss, resumed.Fit.History[2].TrainLoss, 0.05 * fit.History[2].TrainLoss);
    }

    // stopped before the step after so many since it began, or went on
    private (string Bits, FitResult Fit) Train(Objective kind, FitOptions options, TransferPlan plan, int? stopAfter = null, TimeSpan? interval = null, MomentPrecision moments = MomentPrecision.Exact, bool isLost = false, bool dies = false)
    {
        using var model = kind.Create(Model, target.Info, seed: 1);
        using var stop = new CancellationTokenSource();
        var step = 0;
        // the layer that trains in every phase, and sees each batch once
        var last = (Linear)model.named_modules().First(part => part.name == (model is Classifier ? Classifier.HeadPart : "features.latent")).module;
        last.register_forward_pre_hook((layer, values) =>
        {
            if (layer.training && ++step == stopAfter && dies)
                throw new InvalidOperationException("as if it was killed");
            if (step == stopAfter)
                stop.Cancel();
            return values;
        });
        var fit = kind.Fit(model, new(new(target, kind.SeesSource ? source : null), Model, plan, options, 1, CPU)
        {
            Teacher = kind.SeesTeacher ? teacher : null,
            Checkpoint = stopAfter is null ? null : new(temporary["checkpoint"]) { Interval = interval ?? TimeSpan.Zero, Moments = moments, Lost = new CancellationToken(isLost) },
            Cancellation = stop.Token,
        });
        return (model.Bits(), fit);
    }
}
