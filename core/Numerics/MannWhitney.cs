namespace MedTransfer.Numerics;

/// <summary>The statistic of Mann and Whitney (1947, Annals of Mathematical Statistics 18:50-60), as a share of all pairs.</summary>
public static class MannWhitney
{
    /// <summary>
    /// The probability that a value of one group is above a value of the other, a tie counted as one half: 0 to 1, exact but for one rounding; null
    /// where either group is empty. O(n log n).
    /// </summary>
    /// <param name="values">Finite numbers; only their order matters.</param>
    /// <param name="isOfFirst">Whether each belongs to the group that is to be above, in the same order.</param>
    public static double? Superiority(ReadOnlySpan<float> values, ReadOnlySpan<bool> isOfFirst)
    {
        var sorted = values.ToArray();
        var first = isOfFirst.ToArray();
        Array.Sort(sorted, first);

        // Twice U, in whole numbers: within a tie each pair counts 1, one of the first group counts 2 for each of the other below the tie.
        long twiceU = 0, ofFirst = 0, ofOther = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            long tied = 0;
            for (end = start; end < sorted.Length && sorted[end] == sorted[start]; end++)
                tied += first[end] ? 1 : 0;

            var tiedOthers = end - start - tied;
            twiceU += tied * (2 * ofOther + tiedOthers);
            ofFirst += tied;
            ofOther += tiedOthers;
        }

        return ofFirst == 0 || ofOther == 0 ? null : twiceU / (2.0 * ofFirst * ofOther);
    }
}
