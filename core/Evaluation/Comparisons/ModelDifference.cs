using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// The difference of one trained model's score and another's over the same images, first less second: another draw of patients would change it,
/// another training is not asked about. Of AUCs this is DeLong's paired test (1988, Biometrics 44:837-845), clustered by patient as Obuchowski's
/// (1997) where patients have several images.
/// </summary>
/// <param name="StandardError">Of the difference over patients; null below <see cref="CaseScore.FewestPatients"/>, and where the models are the same on every image.</param>
public sealed record ModelDifference(double First, double Second, double? StandardError)
{
    private const double Rounding = 1e-14;

    /// <summary>First less second.</summary>
    public double Difference => First - Second;

    /// <summary>Difference -+ 1.96 StandardError, within -1 to 1; null where there is no error.</summary>
    public Interval? Interval95 => StandardError is { } error ? ScoreInterval.OfDifference(Difference, error) : null;

    /// <summary>Two-sided, of "the scores are equal", by the normal distribution; null where there is no interval: two equal models are not told apart.</summary>
    public double? PValue => StandardError is { } error ? StudentT.TwoSidedP(Difference / error, double.PositiveInfinity) : null;

    /// <summary>Of two scores over the same patients.</summary>
    public static ModelDifference Of(CaseScore first, CaseScore second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var variance = first.Variance + second.Variance - 2 * first.CovarianceWith(second);
        return new(first.Value, second.Value, !first.HasFewPatients && !second.HasFewPatients && variance > Rounding * (first.Variance + second.Variance) ? Math.Sqrt(variance.Value) : null);
    }
}
