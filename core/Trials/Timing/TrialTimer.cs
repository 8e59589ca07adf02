using MedTransfer.Training;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Timing;

/// <summary>
/// Times the trainings of trials against each other, of finished ones or of such as are only timed: in one worker, by turns, after a short one of each to warm up. Whoever asks
/// sees to it that nothing else runs. Trainings in epochs are short: <see cref="Epochs"/> epochs of about <see cref="MostImages"/> images,
/// unless folds are cut of them, of a plan in phases those of the last; logistic regressions are timed whole, as nobody knows their steps beforehand.
/// </summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="runner">Of the same folder.</param>
public sealed class TrialTimer(string runs, TrialRunner runner)
{
    /// <summary>Turns.</summary>
    public const int Rounds = 3;

    /// <summary>Epochs of a short training, or as many as the trial has.</summary>
    public const int Epochs = 3;

    /// <summary>Images of a short training, rounded down to whole batches.</summary>
    public const int MostImages = 320;

    /// <summary>A logistic regression that takes longer has one turn.</summary>
    public const double LongSeconds = 0.5;

    /// <summary>What was measured before; null unless all of them were timed in one session.</summary>
    public IReadOnlyList<TrialTiming>? Find(IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var found = trials.Select(trial => Folder(trial).ReadTiming()).OfType<TrialTiming>().ToList();
        return found.Count == trials.Count && found.DistinctBy(timing => timing.Session).Count() == 1 ? found : null;
    }

    /// <summary>Times the trials, whose parents are done, and keeps what was measured in a file beside their results.</summary>
    /// <param name="trials">Distinct; no ensembles, which train nothing.</param>
    /// <returns>One timing a trial, in their order.</returns>
    /// <exception cref="MedTransferException">One can't be timed; nothing is kept.</exception>
    /// <exception cref="OperationCanceledException">Nothing is kept.</exception>
    public IReadOnlyList<TrialTiming> Measure(IReadOnlyList<Trial> trials, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var session = DateTimeOffset.UtcNow;
        var timed = trials.Select(trial => new Timed(trial.Label, Whole(trial.Spec), Short(trial.Spec), [])).ToList();
        using var worker = new TimingWorker(runs);
        foreach (var training in timed)
            Seconds(worker, training with { Spec = WarmUp(training.Spec) }, cancellation);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var training in timed.Where(training => round == 0 || !training.IsLong))
                training.Rounds.Add(Round(Seconds(worker, training, cancellation)));
        }

        var timings = timed.Select(training => new TrialTiming
        {
            Session = session,
            Images = training.Images,
            TimedImages = Whole(training.Spec),
            Rounds = training.Rounds,
        }).ToList();
        foreach (var (trial, timing) in trials.Zip(timings))
            Folder(trial).WriteTiming(timing);
        return timings;
    }

    private sealed record Timed(string Label, int Images, TrialSpec Spec, List<TimedRound> Rounds)
    {
        public bool IsLong => Spec.Fit.Solver == Solver.LogisticRegression && Rounds.Exists(round => round.FirstEpoch > LongSeconds);
    }

    private IReadOnlyList<double> Seconds(TimingWorker worker, Timed training, CancellationToken cancellation) =>
        worker.Train(runner.JobOf(new Trial(training.Spec, training.Label), timed: true), cancellation);

    private static TimedRound Round(IReadOnlyList<double> seconds) => new(seconds[0], seconds.Skip(1).DefaultIfEmpty().Average());

    private TrialSpec Short(TrialSpec spec) => spec.Fit.Solver == Solver.LogisticRegression ? spec : InLastPhase(WithFewImages(spec)) with
    {
        Fit = Forgetful(spec.Fit) with { Epochs = Math.Min(Epochs, spec.Fit.Epochs) },
    };

    private TrialSpec WarmUp(TrialSpec spec) => InLastPhase(WithFewImages(spec)) with { Fit = Forgetful(spec.Fit) with { Epochs = 1 } };

    private static TrialSpec InLastPhase(TrialSpec spec) => spec with { Transfer = spec.Transfer with { Phases = [spec.Transfer.Phases[^1]] } };

    // when to stop and which weights to keep changes no epoch's time, and would take a validation split
    private static FitOptions Forgetful(FitOptions fit) => fit with { EarlyStopping = null, Keep = KeptEpoch.Last, CheckpointEvery = 1 };

    private TrialSpec WithFewImages(TrialSpec spec)
    {
        var few = Math.Max(spec.Fit.BatchSize, MostImages / spec.Fit.BatchSize * spec.Fit.BatchSize);
        // each class needs its share of every fold
        return spec.Target.Folds.Count > 0 || Whole(spec) <= few ? spec : spec.On(spec.Target with { TrainImages = few });
    }

    private int Whole(TrialSpec spec)
    {
        using var drawn = spec.Target.Draw(runner.Load(spec.Target));
        return drawn.Train.Count;
    }

    private TrialFolder Folder(Trial trial) => new(runs, trial.Name);
}
