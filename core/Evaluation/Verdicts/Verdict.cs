using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>What may be said of the difference of two ways, first less second.</summary>
public enum Verdict
{
    /// <summary>Nothing tells chance: no pair, a single one, or the same difference in all.</summary>
    Untested,

    /// <summary>Chance explains it, however large the mean.</summary>
    Undecided,

    /// <summary>The first is larger, by more than chance.</summary>
    Above,

    /// <summary>The first is smaller, by more than chance.</summary>
    Below,
}

/// <summary>The verdict on a paired difference: on which side of 0 its 95 % interval lies. The mean alone decides nothing.</summary>
public static class DifferenceVerdict
{
    /// <summary>Above or below where the interval, ends included, leaves 0 out; untested where there is none.</summary>
    public static Verdict Of(PairedDifference? difference) => difference?.Interval95 switch
    {
        null => Verdict.Untested,
        { Low: > 0 } => Verdict.Above,
        { High: < 0 } => Verdict.Below,
        _ => Verdict.Undecided,
    };
}
