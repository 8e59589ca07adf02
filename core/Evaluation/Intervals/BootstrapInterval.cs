using MathNet.Numerics.Statistics;
using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Intervals;

/// <summary>
/// 95 % percentile intervals of figures over images (Efron 1979, Ann. Statist. 7:1-26): images are drawn with replacement, as many as there
/// are, and the figure is taken again. They cover which images happened to be in the split, not what seeds vary. The ends are the 2.5 and
/// 97.5 percentiles, interpolated between order statistics.
/// </summary>
public static class BootstrapInterval
{
    /// <summary>
    /// The interval of one figure. Resamples in which it is undefined (no positive was drawn) are left out; null where these are more than
    /// one in twenty, as much as the interval itself leaves out.
    /// </summary>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="resamples">Number of draws, at least 40 for the tails to hold one; 2,000 is usual.</param>
    /// <param name="seed">The same gives the same interval.</param>
    /// <param name="statistic">The figure of the images drawn, given their indices, 0 to count - 1; null where undefined.</param>
    public static Interval? Of(int count, int resamples, long seed, Func<int[], double?> statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        Require(count, resamples);
        var random = new SplitMix64(unchecked((ulong)seed));
        return Percentiles(resamples, () => statistic(Draw(count, random)));
    }

    /// <summary>
    /// The interval of a figure of two splits: no image is in both, so each split is drawn by itself. What is chosen on one of them, such as a
    /// threshold, belongs into the statistic: it varies with the images too. Null as with <see cref="Of"/>.
    /// </summary>
    /// <param name="statistic">The figure of the images drawn of the first and of the second split, given their indices; null where undefined.</param>
    public static Interval? OfSplits(int firstCount, int secondCount, int resamples, long seed, Func<int[], int[], double?> statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        Require(firstCount, resamples);
        Require(secondCount, resamples);
        var random = new SplitMix64(unchecked((ulong)seed));
        return Percentiles(resamples, () =>
        {
            var first = Draw(firstCount, random);
            return statistic(first, Draw(secondCount, random));
        });
    }

    private const int FewestResamples = 40;

    private static void Require(int count, int resamples)
    {
        if (count < 1)
            throw new MedTransferException("There are no images to draw from: choose a split that has some");
        if (resamples < FewestResamples)
            throw new MedTransferException($"{resamples} resamples can't show the ends of a 95 % interval: take {FewestResamples} at least, 2000 as usual.");
    }

    private static int[] Draw(int count, SplitMix64 random)
    {
        var images = new int[count];
        for (var i = 0; i < count; i++)
        {
            // The high word of number times count: uniform but for one part in 2^64 / count.
            images[i] = (int)Math.BigMul(random.Next(), (ulong)count, out _);
        }

        return images;
    }

    private static Interval? Percentiles(int resamples, Func<double?> resample)
    {
        var values = new List<double>(resamples);
        for (var i = 0; i < resamples; i++)
        {
            if (resample() is not { } value)
                continue;
            if (!double.IsFinite(value))
                throw new InvalidOperationException($"The figure of a resample is {value}; one that is undefined is null");
            values.Add(value);
        }

        if (20L * (resamples - values.Count) > resamples)
            return null;
        var sorted = values.Order().ToArray();
        return new(
            SortedArrayStatistics.QuantileCustom(sorted, 0.025, QuantileDefinition.R7),
            SortedArrayStatistics.QuantileCustom(sorted, 0.975, QuantileDefinition.R7));
    }
}
