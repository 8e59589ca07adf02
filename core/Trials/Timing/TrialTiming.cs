namespace MedTransfer.Trials.Timing;

/// <summary>How long a trial's training takes while nothing else runs, from short trainings that leave nothing.</summary>
public sealed record TrialTiming
{
    /// <summary>When it began. Trials of one session were timed by turns, so that their rounds can be compared one by one.</summary>
    public required DateTimeOffset Session { get; init; }

    /// <summary>Training images of the trial.</summary>
    public required int Images { get; init; }

    /// <summary>Images of the short trainings: as many, or fewer.</summary>
    public required int TimedImages { get; init; }

    /// <summary>One a turn, at least one.</summary>
    public required IReadOnlyList<TimedRound> Rounds { get; init; }

    /// <summary>Seconds of a training of so many epochs, 1 or more, a value a round: in proportion to its images.</summary>
    public IReadOnlyList<double> Seconds(double epochs) =>
    [
        .. Rounds.Select(round => (round.FirstEpoch + Math.Max(0, epochs - 1) * round.LaterEpoch) * Images / TimedImages),
    ];
}

/// <summary>One short training: wall time of the optimisation, without validation.</summary>
/// <param name="FirstEpoch">Seconds of the first epoch, in which embeddings of frozen layers are computed too; of logistic regression, of all of it.</param>
/// <param name="LaterEpoch">Mean seconds of the epochs after it; 0 where there are none.</param>
public sealed record TimedRound(double FirstEpoch, double LaterEpoch);
