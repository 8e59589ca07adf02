using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// How far apart two figures are over the same seeds, on the images at hand. Pairing takes out what a seed does to both (the sample drawn, the
/// initial head). Interval and test are Student's, for the mean of n differences: they cover what seeds and draws vary, not which images
/// happened to be drawn; <see cref="Comparison"/> covers both.
/// </summary>
/// <param name="Count">Number of pairs n, at least 1.</param>
/// <param name="Mean">Mean of the differences, first minus second.</param>
/// <param name="StandardError">
/// Of the mean, s / sqrt(n) where every pair has a seed of its own, of <see cref="CrossedVariance"/> where seeds are crossed with draws; null for
/// one pair.
/// </param>
/// <param name="Interval95">
/// Mean -+ t(.975) StandardError, with n - 1 degrees of freedom, fewer where crossed. Null for one pair and for two, whose t of 12.7 covers about
/// everything, and where all differences are equal: their spread is then not known to be nothing, it was not seen.
/// </param>
/// <param name="PValue">Two-sided, of "the mean difference is 0", by the paired t test; null where <paramref name="Interval95"/> is.</param>
public sealed record PairedDifference(int Count, double Mean, double? StandardError, Interval? Interval95, double? PValue)
{
    private const int Fewest = 3;

    /// <summary>Whether seeds, or draws that they are crossed with, are fewer than <see cref="Comparison.FewestSeeds"/>: nothing follows from the interval then.</summary>
    public bool HasFewSeeds { get; init; } = Count < Comparison.FewestSeeds;

    /// <summary>Compares <paramref name="first"/> with <paramref name="second"/>, element i of both from the same seed, which no other has.</summary>
    public static PairedDifference Of(IEnumerable<double> first, IEnumerable<double> second)
    {
        var (a, b) = (first.ToArray(), second.ToArray());
        if (a.Length != b.Length)
            throw new ArgumentException($"{a.Length} values cannot be paired with {b.Length}", nameof(second));
        return Of([.. a.Zip(b).Select((pair, seed) => (seed, 0, pair.First, pair.Second))]);
    }

    /// <summary>Compares two values of the same seed and draw each.</summary>
    public static PairedDifference Of(IReadOnlyList<(int Seed, int Draw, double First, double Second)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var mean = Summary.Of(pairs.Select(pair => pair.First - pair.Second)).Mean;
        if (pairs.Count == 1)
            return new(1, mean, null, null, null);
        // .9 - .8 and .2 - .1 are equal, though not bit for bit
        var scale = pairs.Max(pair => Math.Max(Math.Abs(pair.First), Math.Abs(pair.Second)));
        var variance = CrossedVariance.Of([.. pairs.Select(pair => (pair.Seed, pair.Draw, pair.First - pair.Second))], scale);
        if (variance.OfMean == 0 || pairs.Count < Fewest)
            return new(pairs.Count, mean, Math.Sqrt(variance.OfMean), null, null);

        var error = Math.Sqrt(variance.OfMean);
        var reach = StudentT.Critical(0.05, variance.DegreesOfFreedom) * error;
        return new(pairs.Count, mean, error, new(mean - reach, mean + reach), StudentT.TwoSidedP(mean / error, variance.DegreesOfFreedom))
        {
            HasFewSeeds = Comparison.AreFewSeeds([.. pairs.Select(pair => (pair.Seed, pair.Draw))]),
        };
    }
}
