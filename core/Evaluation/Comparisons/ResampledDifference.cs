using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// The difference of two ways over folds or repeated splits of one set of images. Their training parts overlap, so that the differences are less
/// independent than they look: the corrected resampled t test (Nadeau and Bengio 2003, Mach. Learn. 52:239-281) takes s^2 (1 / J + n_test /
/// n_train) for the variance of the mean of J differences, with J - 1 degrees of freedom. It covers what splits and seeds vary.
/// </summary>
/// <param name="Count">Differences J.</param>
/// <param name="StandardError">Corrected, of the mean; null for one difference, and where all are equal.</param>
public sealed record ResampledDifference(int Count, double Mean, double? StandardError)
{
    private const double Rounding = 1e-14;

    /// <summary>Mean -+ t(.975, J - 1) StandardError, within -1 to 1; null where there is no error.</summary>
    public Interval? Interval95 => StandardError is { } error ? ScoreInterval.OfDifference(Mean, error, Count - 1) : null;

    /// <summary>Two-sided, of "the mean difference is 0"; null where there is no interval.</summary>
    public double? PValue => StandardError is { } error ? StudentT.TwoSidedP(Mean / error, Count - 1) : null;

    /// <summary>Of the scores of two ways on the same parts.</summary>
    /// <param name="first">A score a part, -1 to 1.</param>
    /// <param name="second">The same parts in the same order.</param>
    /// <param name="testShare">Images of a part that is scored over those that were learned from, not over all: .25 for five folds.</param>
    public static ResampledDifference Of(IReadOnlyList<double> first, IReadOnlyList<double> second, double testShare)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(testShare);
        if (first.Count != second.Count)
            throw new ArgumentException($"{first.Count} scores can't be paired with {second.Count}", nameof(second));
        var summary = Summary.Of(first.Zip(second, (a, b) => a - b));
        return new(summary.Count, summary.Mean, summary.StandardDeviation is { } deviation && deviation > Rounding
            ? deviation * Math.Sqrt(1.0 / summary.Count + testShare)
            : null);
    }
}
