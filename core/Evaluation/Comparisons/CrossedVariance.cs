using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// The variance of a mean over seeds, or over seeds that are crossed with draws of the sample, both random (Searle, Casella and McCulloch 1992, 4.3).
/// </summary>
/// <param name="OfMean">Not negative; 0 where all values are equal but for rounding.</param>
/// <param name="DegreesOfFreedom">At least 1, by Satterthwaite's approximation where both vary.</param>
internal sealed record CrossedVariance(double OfMean, double DegreesOfFreedom)
{
    /// <summary>Deviations below it are rounding.</summary>
    internal const double Rounding = 1e-14;

    /// <summary>
    /// Of values that are there once for each seed and draw: (MS draws + MS seeds - MS rest) / (D S), not below the larger of the first two over
    /// D S. Where there is one draw, or every seed has its own, s^2 / n; where some seeds lack some draws, the larger of that over the means of
    /// seeds and over those of draws.
    /// </summary>
    /// <param name="scale">Size of the numbers that the values come from: what is rounding to them is none of their variance.</param>
    public static CrossedVariance Of(IReadOnlyList<(int Seed, int Draw, double Value)> values, double scale = 1)
    {
        var (seeds, draws) = (values.GroupBy(value => value.Seed).ToList(), values.GroupBy(value => value.Draw).ToList());
        var (count, mean) = (values.Count, values.Average(value => value.Value));
        var isCrossed = seeds.Count > 1 && draws.Count > 1 && seeds.Count * draws.Count == count;
        var total = values.Sum(value => Square(value.Value - mean));
        if (count < 2 || total <= count * Square(Rounding * scale))
            return new(0, 1);
        if (!isCrossed)
            return new[] { OfMeans(seeds), OfMeans(draws) }.OfType<CrossedVariance>().MaxBy(variance => variance.OfMean)!;

        double Between(List<IGrouping<int, (int, int, double Value)>> groups, int each) =>
            groups.Sum(group => each * Square(group.Average(value => value.Value) - mean));
        var (ofSeeds, ofDraws) = (Between(seeds, draws.Count), Between(draws, seeds.Count));
        var (freeSeeds, freeDraws) = (seeds.Count - 1, draws.Count - 1);
        var (meanSeeds, meanDraws) = (ofSeeds / freeSeeds, ofDraws / freeDraws);
        var meanRest = Math.Max(total - ofSeeds - ofDraws, 0) / (freeSeeds * freeDraws);
        var sum = meanSeeds + meanDraws - meanRest;
        if (sum <= Math.Max(meanSeeds, meanDraws))
            return meanSeeds >= meanDraws ? new(meanSeeds / count, freeSeeds) : new(meanDraws / count, freeDraws);
        var freedom = Square(sum) / (Square(meanSeeds) / freeSeeds + Square(meanDraws) / freeDraws + Square(meanRest) / (freeSeeds * freeDraws));
        return new(sum / count, Math.Max(freedom, 1));
    }

    private static CrossedVariance? OfMeans(List<IGrouping<int, (int, int, double Value)>> groups) => groups.Count < 2
        ? null
        : new(Square(Summary.Of(groups.Select(group => group.Average(value => value.Value))).StandardError!.Value), groups.Count - 1);

    private static double Square(double x) => x * x;
}
