using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// How far apart two ways are over the same seeds. Pairing takes out what a seed does to both (the sample drawn, the initial head).
/// Interval and test are Student's, for the mean of n differences: they cover what seeds vary, not which test images happened to be
/// drawn.
/// </summary>
/// <param name="Count">Number of pairs n, at least 1.</param>
/// <param name="Mean">Mean of the differences, first minus second.</param>
/// <param name="StandardDeviation">Of the differences, with n - 1; null for one pair.</param>
/// <param name="StandardError">Of the mean, StandardDeviation / sqrt(n); null for one pair.</param>
/// <param name="Interval95">
/// Mean -+ t(.975, n - 1) StandardError. Null for one pair, and where all differences are equal: their spread is then not known to be
/// nothing, it was not seen.
/// </param>
/// <param name="PValue">Two-sided, of "the mean difference is 0", by the paired t test; null where <paramref name="Interval95"/> is.</param>
public sealed record PairedDifference(
    int Count, double Mean, double? StandardDeviation, double? StandardError, Interval? Interval95, double? PValue)
{
    /// <summary>
    /// Differences below this share of the numbers they come from are rounding: .9 - .8 and .2 - .1 are equal, though not bit for bit.
    /// </summary>
    private const double Rounding = 1e-14;

    /// <summary>Compares <paramref name="first"/> with <paramref name="second"/>, element i of both from the same seed.</summary>
    public static PairedDifference Of(IEnumerable<double> first, IEnumerable<double> second)
    {
        var (a, b) = (first.ToArray(), second.ToArray());
        if (a.Length != b.Length)
            throw new ArgumentException($"{a.Length} values cannot be paired with {b.Length}", nameof(second));

        var summary = Summary.Of(a.Zip(b, (x, y) => x - y));
        if (summary.StandardDeviation is not { } deviation)
            return new(summary.Count, summary.Mean, null, null, null, null);
        var scale = a.Concat(b).Max(Math.Abs);
        if (deviation <= Rounding * scale)
            return new(summary.Count, summary.Mean, 0, 0, null, null);

        var error = deviation / Math.Sqrt(summary.Count);
        var freedom = summary.Count - 1;
        var reach = StudentT.Critical(0.05, freedom) * error;
        return new(
            summary.Count,
            summary.Mean,
            deviation,
            error,
            new(summary.Mean - reach, summary.Mean + reach),
            StudentT.TwoSidedP(summary.Mean / error, freedom));
    }
}
