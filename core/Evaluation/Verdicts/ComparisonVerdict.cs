using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>What may be said of two ways, the first against the second.</summary>
public enum WayVerdict
{
    /// <summary>Fewer than <see cref="Comparison.FewestSeeds"/> seeds of each, or draws that they are crossed with.</summary>
    TooFewSeeds,

    /// <summary>There is no interval: the score is undefined, patients are too few, or both say the same of every image.</summary>
    Untested,

    /// <summary>The 95 % interval holds 0, or other ways that are compared beside it make that one of chance, and the 90 % interval reaches beyond the margin: it may be either.</summary>
    NoDifferenceShown,

    /// <summary>The same, but the 90 % interval lies within the margin.</summary>
    Equivalent,

    /// <summary>The 95 % interval lies above 0.</summary>
    Better,

    /// <summary>The 95 % interval lies above 0, and the 90 % interval within the margin.</summary>
    BetterByLess,

    /// <summary>The 95 % interval lies below 0.</summary>
    Worse,

    /// <summary>The 95 % interval lies below 0, and the 90 % interval within the margin.</summary>
    WorseByLess,
}

/// <summary>
/// The verdict on a comparison, from the interval that counts seeds and patients in. Equivalence is two one-sided tests at .05 (Schuirmann 1987, J.
/// Pharmacokinet. Biopharm. 15:657-680), which is what a 90 % interval within the margin says; it is not adjusted for the number of ways.
/// </summary>
public static class ComparisonVerdict
{
    /// <summary>Of a test.</summary>
    internal const double Level = 0.05;

    /// <summary>Which of two ways is better.</summary>
    /// <param name="comparison">Null where the score is undefined for one of them throughout.</param>
    /// <param name="margin">The difference that would not matter, above 0: .02 of AUC, say.</param>
    /// <param name="adjustedP">
    /// Of one comparison among several, its p adjusted for their number, see <see cref="Holm"/>: above .05, better and worse are not shown. Null for
    /// the one that was named beforehand.
    /// </param>
    public static WayVerdict Of(Comparison? comparison, double margin, double? adjustedP = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        if (comparison is { HasFewSeeds: true })
            return WayVerdict.TooFewSeeds;
        return comparison?.Effects is { } effects ? Of(effects, margin, isShown: !(adjustedP >= Level)) : WayVerdict.Untested;
    }

    internal static WayVerdict Of(RandomEffects effects, double margin, bool isShown = true)
    {
        var (wide, narrow) = (effects.DifferenceAt(1 - Level), effects.DifferenceAt(1 - 2 * Level));
        var isWithin = -margin < narrow.Low && narrow.High < margin;
        return wide switch
        {
            { Low: > 0 } when isShown => isWithin ? WayVerdict.BetterByLess : WayVerdict.Better,
            { High: < 0 } when isShown => isWithin ? WayVerdict.WorseByLess : WayVerdict.Worse,
            _ => isWithin ? WayVerdict.Equivalent : WayVerdict.NoDifferenceShown,
        };
    }
}
