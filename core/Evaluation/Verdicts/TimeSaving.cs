using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>What a measured saving says of a claimed one.</summary>
public enum SavingVerdict
{
    /// <summary>There is no interval: one round, or the same in all.</summary>
    Untested,

    /// <summary>The interval reaches from 0 or below into what is claimed: it may be either.</summary>
    Undecided,

    /// <summary>The interval lies within what is claimed.</summary>
    Holds,

    /// <summary>The interval lies above 0 and reaches into what is claimed.</summary>
    InLine,

    /// <summary>The interval lies above what is claimed.</summary>
    More,

    /// <summary>The interval lies above 0 and below what is claimed.</summary>
    Less,

    /// <summary>The interval holds 0 and lies below what is claimed.</summary>
    LessIfAny,

    /// <summary>The interval lies below 0: it costs instead.</summary>
    Opposite,
}

/// <summary>
/// What a way saves of a reference's time, 1 - way / reference: 0 nothing, .4 two fifths, below 0 it takes longer. Mean and interval are those
/// of the logarithm of way / reference: what disturbs a time multiplies it, and nothing saves more than all.
/// </summary>
/// <param name="Shares">One a round, below 1.</param>
public sealed record TimeSaving(IReadOnlyList<double> Shares)
{
    /// <summary>Of the geometric mean over rounds.</summary>
    public double Mean => 1 - Math.Exp(LogRatios.Average());

    /// <summary>Student's 95 % interval of that mean over rounds; null for one round, or where all are equal. It covers what rounds vary, not machines.</summary>
    public Interval? Interval95 => PairedDifference.Of(LogRatios, LogRatios.Select(_ => 0.0)).Interval95 is { } ratio
        ? new(1 - Math.Exp(ratio.High), 1 - Math.Exp(ratio.Low))
        : null;

    private double[] LogRatios => [.. Shares.Select(share => Math.Log(1 - share))];

    /// <summary>Compares times in seconds, element i of both from the same round; rounds that only one has, or one took no time in, are left out.</summary>
    /// <returns>Null where no round has both.</returns>
    public static TimeSaving? Of(IEnumerable<double> reference, IEnumerable<double> way)
    {
        double[] shares = [.. reference.Zip(way).Where(round => round is { First: > 0, Second: > 0 }).Select(round => 1 - round.Second / round.First)];
        return shares.Length == 0 ? null : new(shares);
    }

    /// <summary>What the interval says of a claim.</summary>
    /// <param name="claimed">What counts as the saving that is claimed, above 0: "about 40 %" is .35 to .45.</param>
    public SavingVerdict Against(Interval claimed)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        return Interval95 switch
        {
            null => SavingVerdict.Untested,
            { High: < 0 } => SavingVerdict.Opposite,
            { Low: <= 0 } measured => measured.High < claimed.Low ? SavingVerdict.LessIfAny : SavingVerdict.Undecided,
            var measured when measured.High < claimed.Low => SavingVerdict.Less,
            var measured when measured.Low > claimed.High => SavingVerdict.More,
            var measured => claimed.Contains(measured.Low) && claimed.Contains(measured.High) ? SavingVerdict.Holds : SavingVerdict.InLine,
        };
    }
}
