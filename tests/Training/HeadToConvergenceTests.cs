using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

/// <summary>A head is brought to its optimum before everything trains: linear probing, then fine-tuning.</summary>
[Collection(OneAtATime.Name)]
public sealed class HeadToConvergenceTests : IDisposable
{
    private static readonly FitOptions Four = new() { Epochs = 4, BatchSize = 16, LearningRate = 0.01 };

    // so small a step that no weight moves in single precision
    private static readonly FitOptions Still = new() { Epochs = 1, BatchSize = 16, LearningRate = 1e-30 };

    private static readonly FitOptions Regression = new() { Solver = Solver.LogisticRegression, PenaltyChoice = new() };

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<LabelTask, int> Tasks => new() { { LabelTask.BinaryClass, 2 }, { LabelTask.MultiClass, 3 }, { LabelTask.MultiLabel, 2 } };

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Everything_begins_with_the_head_of_logistic_regression(LabelTask task, int outputs)
    {
        using var data = Squares.Dataset(task, outputs);
        using var probed = Model(data);
        using var regression = Model(data);
        var drawn = regression.Head.Bits();

        var fit = Fit(probed, data, TransferPlan.HeadConverged, Still);
        var alone = Fit(regression, data, TransferPlan.RandomFeatures, Regression);

        Assert.NotEqual(drawn, probed.Head.Bits());
        Assert.Equal(regression.Head.Bits(), probed.Head.Bits());
        Assert.Equal(alone.Penalty!.InversePenalty, fit.Penalty!.InversePenalty);
        Assert.Equal((1, 1), (Assert.Single(fit.History).Epoch, fit.KeptEpoch));
    }

    [Theory]
    [InlineData(ClassBalance.None, ClassBalance.None)]
    [InlineData(ClassBalance.Loss, ClassBalance.Loss)]
    [InlineData(ClassBalance.Sampling, ClassBalance.Loss)]   // every image is seen once
    public void Head_is_balanced_as_the_training_is(ClassBalance balance, ClassBalance same)
    {
        using var data = Squares.Dataset(LabelTask.MultiClass, 3);
        using var probed = Model(data);
        using var regression = Model(data);

        Fit(probed, data, TransferPlan.HeadConverged, Still with { Balance = balance });
        Fit(regression, data, TransferPlan.RandomFeatures, Regression with { Balance = same });

        Assert.Equal(regression.Head.Bits(), probed.Head.Bits());
    }

    [Fact]
    public void Penalties_to_choose_among_are_those_of_the_training()
    {
        using var data = Squares.Dataset(LabelTask.BinaryClass, 2);
        using var weak = Model(data);
        using var strong = Model(data);

        var fit = Fit(weak, data, TransferPlan.HeadConverged, Still with { PenaltyChoice = new() { InversePenalties = [1, 2] } });
        Fit(strong, data, TransferPlan.HeadConverged, Still with { PenaltyChoice = new() { InversePenalties = [1e-3, 2e-3] } });

        Assert.InRange(fit.Penalty!.InversePenalty, 1, 2);
        Assert.True(strong.Head.weight.norm().item<float>() < weak.Head.weight.norm().item<float>() / 10);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Training_that_was_stopped_ends_with_the_same_bits(LabelTask task, int outputs)
    {
        using var data = Squares.Dataset(task, outputs);
        using var whole = Model(data);
        var expected = Fit(whole, data, TransferPlan.HeadConverged, Four);
        using (var stopped = Model(data))
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Fit(stopped, data, TransferPlan.HeadConverged, Four, Checkpoint, epoch =>
            {
                if (epoch.Epoch == 2)
                    stop.Cancel();
            }, stop.Token));
        }

        using var resumed = Model(data);
        var told = new List<int>();
        var fit = Fit(resumed, data, TransferPlan.HeadConverged, Four, Checkpoint, epoch => told.Add(epoch.Epoch));

        Assert.Equal([3, 4], told);
        Assert.Equal(whole.Bits(), resumed.Bits());
        Assert.Equal(expected.History.Select(epoch => (epoch.Epoch, epoch.TrainLoss, epoch.ValidationLoss)), fit.History.Select(epoch => (epoch.Epoch, epoch.TrainLoss, epoch.ValidationLoss)));
    }

    [Fact]
    public void Patience_schedule_and_best_epoch_begin_after_it()
    {
        using var data = Squares.Dataset(LabelTask.BinaryClass, 2);
        using var model = Model(data);

        var fit = Fit(model, data, TransferPlan.HeadConverged, Four with { Keep = KeptEpoch.Best, Schedule = new MedTransfer.Training.Schedules.CosineDecay() });

        Assert.Equal([1, 2, 3, 4], fit.History.Select(epoch => epoch.Epoch));
        Assert.InRange(fit.KeptEpoch, 1, 4);
        Assert.Equal(4, fit.EpochSeconds.Count);
        Assert.Equal(fit.Seconds, fit.EpochSeconds.Sum(), 1e-9);   // the head's in the first epoch's
    }

    private Checkpoint Checkpoint => new(folder["checkpoint"]) { Interval = TimeSpan.Zero };

    private static FitResult Fit(
        Classifier model, Dataset data, TransferPlan plan, FitOptions options, Checkpoint? checkpoint = null, Action<EpochRecord>? onEpoch = null, CancellationToken? cancellation = null) =>
        Objective.Classification.Fit(model, new(new(data), Options, plan, options, 1, CPU)
        {
            Checkpoint = checkpoint,
            OnEpoch = onEpoch,
            Cancellation = cancellation ?? TestContext.Current.CancellationToken,
        });

    private static ModelOptions Options { get; } = new() { Latent = 8 };

    private static Classifier Model(Dataset data) => Classifier.Create(Options, data.Info, 1);
}
