using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>One way's score with a 95 % interval, and what that covers.</summary>
/// <param name="Value">Mean over trainings.</param>
/// <param name="Interval95">Within 0 to 1; null where it can't be told.</param>
public sealed record ScoreEstimate(double Value, Interval? Interval95)
{
    /// <summary>
    /// Of one way's trainings: the interval covers seeds, draws and patients (<see cref="RandomEffects"/>), on the logit scale. Null below
    /// <see cref="Comparison.FewestSeeds"/> and <see cref="CaseScore.FewestPatients"/>, and where all are 0 or 1.
    /// </summary>
    /// <param name="trainings">At least one.</param>
    public static ScoreEstimate OfTrainings(IReadOnlyList<(int Seed, int Draw, CaseScore Score)> trainings)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        var mean = trainings.Average(training => training.Score.Value);
        return new(mean, !Comparison.AreFewSeeds([.. trainings.Select(training => (training.Seed, training.Draw))]) && !trainings.Any(training => training.Score.HasFewPatients) && RandomEffects.OfScore(trainings) is { } effects
            ? ScoreInterval.Logit95(mean, effects.StandardError, effects.DegreesOfFreedom)
            : null);
    }

    /// <summary>
    /// Of one trained model: the interval covers patients alone, by the normal distribution on the logit scale. Null below
    /// <see cref="CaseScore.FewestPatients"/>, for 0 or 1, and of the mean of folds, whose images are learned from too: how that varies takes several trainings.
    /// </summary>
    public static ScoreEstimate OfModel(CaseScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new(score.Value, score is { Folds: 1, HasFewPatients: false, Variance: > CrossedVariance.Rounding * CrossedVariance.Rounding and var variance } ? ScoreInterval.Logit95(score.Value, Math.Sqrt(variance)) : null);
    }
}
