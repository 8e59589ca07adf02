namespace MedTransfer.Evaluation.Cases;

/// <summary>
/// A score of one model over the images of a split, that knows whose images they are: how it varies with the patients who happen to be in the
/// split, together with other scores over the same ones, and what it is on another draw of them.
/// </summary>
public abstract class CaseScore
{
    private protected CaseScore(double value, Deviations? deviations, Patients patients) => (Value, Deviations, Patients) = (value, deviations, patients);

    /// <summary>The score of all images, 0 to 1.</summary>
    public double Value { get; }

    /// <summary>Whose the images are.</summary>
    public Patients Patients { get; }

    /// <summary>
    /// Sampling variance over patients: of an AUC DeLong's (1988, Biometrics 44:837-845), Obuchowski's (1997, Biometrics 53:567-578) where
    /// patients have several images; of a ratio its linearisation's. Null where fewer than two patients decide the score.
    /// </summary>
    public double? Variance => Deviations is null ? null : Deviations.Covariance(Deviations, Deviations);

    /// <summary>Whether fewer than <see cref="FewestPatients"/> patients decide the score: of an AUC those with positives, or those with negatives.</summary>
    public bool HasFewPatients => !(Deviations?.Fewest >= FewestPatients);

    /// <summary>Patients from which on intervals made of <see cref="Variance"/> cover what they say.</summary>
    public const int FewestPatients = 10;

    /// <summary>Sampling covariance over patients; null where a variance is.</summary>
    public double? CovarianceWith(CaseScore other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Deviations is null || other.Deviations is null ? null : Deviations.Covariance(Deviations, other.Deviations);
    }

    /// <summary>Folds that it is the mean of, at least 2: the images of each were learned from by the models of the others. 1 where there are no folds.</summary>
    internal virtual int Folds => 1;

    /// <summary>What each patient adds to the sampling error.</summary>
    internal Deviations? Deviations { get; }

    /// <summary>The score where each patient is there so many times, with all images; null where it is undefined then.</summary>
    internal abstract double? Resampled(int[] times);

    /// <summary>The same to first order (the infinitesimal jackknife; Efron 1982, SIAM monograph 38, 6.3), within 0 to 1: defined for every draw. Null where a variance is.</summary>
    internal double? Linearised(int[] times) => Deviations is null ? null : Math.Clamp(Value + Deviations.Added(times), 0, 1);

    /// <summary>The mean of scores that the same patients decide: over classes, or over findings. Null where there are none.</summary>
    public static CaseScore? Mean(params IEnumerable<CaseScore> scores) => Mean(scores, areFolds: false);

    /// <summary>The mean of folds, each of which has patients of its own. Null where there are none.</summary>
    public static CaseScore? MeanOfFolds(params IEnumerable<CaseScore> folds) => Mean(folds, areFolds: true);

    private static CaseScore? Mean(IEnumerable<CaseScore> scores, bool areFolds)
    {
        var all = scores.ToList();
        return all.Count <= 1 ? all.FirstOrDefault() : new MeanScore(all, areFolds);
    }

    private sealed class MeanScore(IReadOnlyList<CaseScore> scores, bool areFolds)
        : CaseScore(scores.Average(score => score.Value), Deviations.OfMean([.. scores.Select(score => score.Deviations)], areFolds), scores[0].Patients)
    {
        internal override int Folds => areFolds ? scores.Count : scores.Max(score => score.Folds);

        internal override double? Resampled(int[] times)
        {
            double sum = 0;
            foreach (var score in scores)
            {
                if (score.Resampled(times) is not { } value)
                    return null;
                sum += value;
            }

            return sum / scores.Count;
        }
    }
}
