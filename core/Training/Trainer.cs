using System.Diagnostics;
using MedTransfer.Evaluation;
using MedTransfer.Runtime;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>The one training loop: Adam over shuffled mini-batches, scores on the validation split after every epoch.</summary>
/// <param name="Options">How to train.</param>
/// <param name="Seed">Fixes the order of the images and every other draw: the same seed gives the same bits.</param>
public sealed record Trainer(FitOptions Options, long Seed)
{
    /// <summary>Where the state is kept while it trains, and found again after a stop; null to keep none. The bits are the same either way.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>Which layers train when; null for those whose parameters require gradients, all the time.</summary>
    public TransferPlan? Plan { get; init; }

    /// <summary>Names of the layers that were transferred, which a regulariser may hold to where they start.</summary>
    public IReadOnlyList<string> Transferred { get; init; } = [];

    private IReadOnlyList<string> KeptStatistics => Plan?.KeepsStatistics == true ? Transferred : [];

    private IReadOnlyList<Phase> Phases => Plan?.Phases ?? TransferPlan.Scratch.Phases;

    /// <summary>Trains what the plan says, phase after phase, and leaves the model with the kept epoch's weights.</summary>
    /// <param name="learner">The model, on the device of its images, and its task.</param>
    /// <param name="onEpoch">Told of every epoch as it ends; not of those before a stop.</param>
    /// <exception cref="MedTransferException">The loss stopped being a number, or the score that chooses an epoch does not exist.</exception>
    /// <exception cref="OperationCanceledException">Asked for between two batches.</exception>
    public FitResult Fit(ILearner learner, Action<EpochRecord>? onEpoch = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        // what a regulariser remembers of the weights are those of the beginning, also where a stopped training goes on
        using var penalty = Plan?.Regulariser?.Of(learner.Model, Transferred);
        using var state = new TrainingState(learner.Model, Phases, Options);
        using var saving = Checkpoint?.Begin(state);
        while (!state.IsFinished)
            OnePhase(learner, state, penalty, saving, onEpoch, cancellation);
        saving?.Complete();
        state.Kept.Restore(learner.Model);
        return new FitResult(state.History, state.Kept.Epoch, state.Seconds) { EpochSeconds = state.EpochSeconds };
    }

    private void OnePhase(ILearner learner, TrainingState state, IPenalty? penalty, CheckpointSession? saving, Action<EpochRecord>? onEpoch, CancellationToken cancellation)
    {
        var (index, phase) = (state.Phase, Phases[state.Phase]);
        var frozen = Plan is null ? null : new FrozenWeights(learner.Model, phase, KeptStatistics);
        // only what trains: Adam would keep moving a parameter whose gradient is merely zero
        var trainable = learner.Model.named_parameters().Where(weight => weight.parameter.requires_grad).ToList();
        if (trainable.Count == 0)
            throw new MedTransferException("The model has no weights that train: let one of its parts train that has some.");
        using var optimizer = new FlatAdam(
            [.. trainable.Select(weight => weight.parameter)], Options.WeightDecay, [.. trainable.Select(weight => phase.RateFactor(weight.name))]);
        if (state.IsWithinPhase)
            saving?.Resume(optimizer);
        (state.Optimizer, state.Frozen) = (optimizer, frozen?.Names ?? new HashSet<string>());
        var beginning = Stopwatch.StartNew();
        learner.Begin(phase);
        beginning.Stop();   // the first epoch's, as what it computes is what that epoch learns from
        var before = beginning.Elapsed.TotalSeconds;
        var epochs = phase.Epochs ?? Options.Epochs - state.EpochsBefore(index);
        while (!state.IsFinished && state.Phase == index)
        {
            var epoch = state.History.Count + 1;
            var clock = Stopwatch.StartNew();
            var (loss, training, rate) = OneEpoch(learner, state, penalty, epoch, epochs, Step, cancellation);
            clock.Stop();
            var record = Validated(learner, epoch, rate, loss) with { Training = training };
            state.Add(record, before + clock.Elapsed.TotalSeconds);
            before = 0;
            saving?.Save(state);
            onEpoch?.Invoke(record);

            void Step(IReadOnlyList<Tensor> reported, bool isStopped)
            {
                var seconds = before + clock.Elapsed.TotalSeconds;
                if (isStopped)
                    saving?.Stop(state, seconds, reported);
                else
                    saving?.Save(state, seconds, reported);
            }
        }

        frozen?.AssertUnchanged();
    }

    // told between two steps of what they reported so far, and whether no other follows as the training is stopped
    private (double Loss, MetricValues Training, double Rate) OneEpoch(ILearner learner, TrainingState state, IPenalty? penalty, int epoch, int epochs, Action<IReadOnlyList<Tensor>, bool> onStep, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var optimizer = state.Optimizer!;
        TrainingMode.Begin(learner.Model, KeptStatistics);
        var batches = Batches(new EpochDraws(Seed, epoch).Begin(learner).to(learner.Device), TrainingMode.NormalisesByBatch(learner.Model));
        var steps = (long)batches.Length * epochs;
        var reported = new List<Tensor>(state.TakeBegun()?.Resume(learner) ?? []);
        IReadOnlyList<string> names = [];
        double rate = 0;
        foreach (var indices in batches.Skip(reported.Count))
        {
            if (cancellation.IsCancellationRequested)
            {
                onStep(reported, true);
                cancellation.ThrowIfCancellationRequested();
            }

            using var batch = NewDisposeScope();
            optimizer.ZeroGradients();
            learner.Advance(optimizer.Steps / (double)steps);
            var loss = learner.Loss(indices);
            (penalty is null ? loss.Minimised : loss.Minimised.add(penalty.Value(), Scalars.One)).backward();
            rate = Options.Schedule?.At(Options.LearningRate, optimizer.Steps, steps) ?? Options.LearningRate;
            optimizer.Step(rate);
            var besides = Besides(loss);
            names = [.. besides.Select(value => value.Key)];
            reported.Add(stack([loss.Loss.detach(), .. besides.Select(value => value.Value)]).MoveToOuterDisposeScope());
            if (reported.Count < batches.Length)
                onStep(reported, false);
        }

        var means = Means(reported, names, [.. batches.Select(batch => batch.shape[0])], epoch);
        return (means[0], new(names.Zip(means.Skip(1), (name, mean) => KeyValuePair.Create<string, double?>(name, mean))), rate);
    }

    // the last batch is what is left; where layers learn means and variances from their batch, one image that is left alone, which has no
    // variance, joins the batch before
    private Tensor[] Batches(Tensor order, bool normalises)
    {
        var (count, size) = (order.shape[0], (long)Options.BatchSize);
        if (!normalises || (size > 1 && count % size != 1))
            return order.split(size);
        if (size == 1 || count == 1)
            throw new MedTransferException($"Batch norm learns from the spread of several images, and {(size == 1 ? "the batch size is 1" : "there is 1 training image")}: give it 2 or more, or keep the statistics of the source.") { IsUsage = true };
        long[] sizes = [.. Enumerable.Repeat(size, (int)(count / size))];
        sizes[^1]++;
        return order.split(sizes);
    }

    private static List<KeyValuePair<string, Tensor>> Besides(BatchLoss loss) =>
        [.. loss.Term is null ? [] : new[] { KeyValuePair.Create(Metric.TermLoss, loss.Term.detach()) }, .. loss.Reported];

    // of the batches' losses and what else they report; read once an epoch: reading each batch's would make the device wait for the host
    private static double[] Means(List<Tensor> reported, IReadOnlyList<string> besides, IReadOnlyList<long> sizes, int epoch)
    {
        var values = stack(reported).cpu().data<float>().ToArray();
        var columns = values.Length / reported.Count;
        var broken = Array.FindIndex(values, value => !float.IsFinite(value));
        if (broken >= 0)
        {
            var what = broken % columns == 0 ? "training loss" : $"{Metric.InWords(besides[broken % columns - 1])} beside it";
            throw new MedTransferException(FormattableString.Invariant(
                $"The {what} became {values[broken]} in epoch {epoch}, batch {broken / columns + 1} of {reported.Count}: lower the learning rate, or look for broken images."));
        }

        return [.. Enumerable.Range(0, columns).Select(column => sizes.Select((size, batch) => values[batch * columns + column] * (double)size).Sum() / sizes.Sum())];
    }

    private static EpochRecord Validated(ILearner learner, int epoch, double rate, double trainLoss)
    {
        if (learner.Validate() is not var (loss, metrics))
            return new EpochRecord(epoch, rate, trainLoss, null, MetricValues.None);
        return loss is null || double.IsFinite(loss.Value)
            ? new EpochRecord(epoch, rate, trainLoss, loss, metrics)
            : throw new MedTransferException(FormattableString.Invariant(
                $"The validation loss became {loss} after epoch {epoch}: lower the learning rate, or look for broken images."));
    }
}
