using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Timing;

/// <summary>
/// How long trainings will take alone, foretold from a few batches of each: in one worker, one after the other, each after a training of one batch to warm up. What is computed
/// once for all epochs is told apart from what each epoch takes.
/// </summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="runner">Of the same folder.</param>
public sealed class TrainingForecast(string runs, TrialRunner runner)
{
    /// <summary>Batches of a short epoch.</summary>
    public const int Batches = 2;

    /// <summary>Images that pass a network that stays.</summary>
    public const int EmbeddedImages = 32;

    // scoring passes train and what is held out once, forward alone, which is a third of a step
    private const double Scoring = 1.25 / 3;

    /// <summary>Seconds of each training with its scoring, in the order given; 0 of what takes others together, and trains nothing.</summary>
    /// <param name="trials">Where a parent is not done, the same training of initial weights of its own is timed.</param>
    /// <exception cref="MedTransferException">One can't be trained.</exception>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public IReadOnlyList<double> Seconds(IReadOnlyList<Trial> trials, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trials);
        using var worker = new TimingWorker(runs);
        return [.. trials.Select(trial => trial.Spec.Members.Count > 0 ? 0 : Seconds(worker, trial, cancellation))];
    }

    private double Seconds(TimingWorker worker, Trial trial, CancellationToken cancellation)
    {
        var spec = trial.Spec.Needs.All(needed => new TrialFolder(runs, needed).IsDone) ? trial.Spec : OfItsOwn(trial.Spec);
        var images = Count(spec);
        // a sample has every class
        var least = Math.Max(2, runner.Load(spec.Target).Info.Outputs);
        var few = Math.Min(images, Math.Max(least, spec.EmbedsOnce ? EmbeddedImages : Batches * spec.Fit.BatchSize));
        var last = spec with
        {
            Transfer = spec.Transfer with { Phases = [spec.Transfer.Phases[^1]] },
            Fit = spec.Fit with { EarlyStopping = null, Keep = KeptEpoch.Last, CheckpointEvery = 1, Epochs = Math.Min(2, spec.Fit.Epochs) },
        };
        IReadOnlyList<double> Train(int count) => worker.Train(runner.JobOf(new Trial(last.On(With(count, spec.Target)), trial.Label), timed: true), cancellation);
        Train(Math.Min(few, Math.Max(least, spec.Fit.BatchSize)));
        var seconds = Train(few);
        // a source passes whole beside however few images, where it passes once
        var beside = spec.EmbedsOnce && spec.Data.Source is { } source ? runner.Load(source).Train.Count : 0;
        var scale = (double)(images + beside) / (few + beside);
        return spec.EmbedsOnce
            ? seconds.Sum() * scale * (1 + Scoring)
            : (seconds[0] + (spec.Fit.Epochs - 1 + Scoring) * seconds[^1]) * scale;
    }

    // the same layers train; a teacher sees the images once, which adds little
    private static TrialSpec OfItsOwn(TrialSpec spec) => spec with
    {
        Transfer = new TransferPlan { Phases = spec.Transfer.Phases },
        Teacher = null,
        Objective = spec.Objective.SeesTeacher ? Objective.Classification : spec.Objective,
    };

    private static DataReference With(int images, DataReference data) => data.Folds.Count == 0
        ? data with { TrainImages = images }
        : data.WithFoldSample(images, seed: 0);

    private int Count(TrialSpec spec)
    {
        using var drawn = spec.Target.Draw(runner.Load(spec.Target));
        return drawn.Train.Count;
    }
}
