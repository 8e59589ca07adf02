using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>What may be said of the difference of two ways, first less second.</summary>
public enum Verdict
{
    /// <summary>Nothing tells chance: too few pairs, or the same difference in all.</summary>
    Untested,

    /// <summary>Chance explains it, however large the mean.</summary>
    Undecided,

    /// <summary>The first is larger, by more than chance.</summary>
    Above,

    /// <summary>The first is smaller, by more than chance.</summary>
    Below,
}

/// <summary>
/// The verdict on a difference over seeds, on the images at hand: on which side of 0 its 95 % interval lies. The mean alone decides nothing, nor do
/// fewer seeds than <see cref="Comparison.FewestSeeds"/>.
/// </summary>
public static class DifferenceVerdict
{
    /// <summary>Above or below where the interval, ends included, leaves 0 out; untested where there is none, or seeds are too few.</summary>
    public static Verdict Of(PairedDifference? difference) => difference?.Interval95 switch
    {
        _ when difference is { HasFewSeeds: true } => Verdict.Untested,
        null => Verdict.Untested,
        { Low: > 0 } => Verdict.Above,
        { High: < 0 } => Verdict.Below,
        _ => Verdict.Undecided,
    };
}
