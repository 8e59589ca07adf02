using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// A check of the primary interval that assumes no distribution: seeds and, independently, patients are drawn with replacement, and the mean
/// over the drawn seeds of the difference over the drawn patients is taken again (Owen 2007, Ann. Appl. Stat. 1:386-411). The percentiles are
/// too close together with few seeds and too far apart where seeds differ by chance alone: it decides nothing.
/// </summary>
public static class CrossedBootstrap
{
    /// <summary>
    /// The 95 % percentile interval; null as with <see cref="BootstrapInterval.Of"/>.
    /// </summary>
    /// <param name="resamples">2,000 is usual.</param>
    /// <param name="seed">The same gives the same interval.</param>
    internal static Interval? Of(IReadOnlyList<RandomEffects.Pair> pairs, int resamples, long seed)
    {
        var patients = pairs[0].First.Patients;
        return BootstrapInterval.OfSplits(pairs.Count, patients.Count, resamples, seed, (drawnPairs, drawnPatients) =>
        {
            var times = Counted(drawnPatients, patients.Count);
            double sum = 0;
            foreach (var (pair, count) in Counted(drawnPairs, pairs.Count).Index().Where(drawn => drawn.Item > 0))
            {
                if (pairs[pair].First.Resampled(times) - pairs[pair].Second.Resampled(times) is not { } difference)
                    return null;
                sum += count * difference;
            }

            return sum / pairs.Count;
        });
    }

    private static int[] Counted(int[] drawn, int count)
    {
        var times = new int[count];
        foreach (var one in drawn)
            times[one]++;
        return times;
    }
}
