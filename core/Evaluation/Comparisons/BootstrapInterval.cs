namespace MedTransfer.Evaluation.Comparisons;

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
        ulong drawn = 0;
        return Percentiles(resamples, () => statistic(Draw(count, seed, ref drawn)));
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
        ulong drawn = 0;
        return Percentiles(resamples, () =>
        {
            var first = Draw(firstCount, seed, ref drawn);
            return statistic(first, Draw(secondCount, seed, ref drawn));
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

    private static int[] Draw(int count, long seed, ref ulong drawn)
    {
        var images = new int[count];
        for (var i = 0; i < count; i++)
        {
            // The high word of number times count: uniform but for one part in 2^64 / count.
            images[i] = (int)Math.BigMul(Number(seed, ++drawn), (ulong)count, out _);
        }

        return images;
    }

    /// <summary>
    /// The n-th number of the stream of a seed (Steele, Lea and Flood, SplitMix64, OOPSLA 2014). Ours, because what
    /// <see cref="Random"/> draws from a seed may change with .NET.
    /// </summary>
    private static ulong Number(long seed, ulong n)
    {
        var state = unchecked((ulong)seed) + n * 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
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
        values.Sort();
        return new(Percentile(values, 0.025), Percentile(values, 0.975));
    }

    private static double Percentile(List<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
