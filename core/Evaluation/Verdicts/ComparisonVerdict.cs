using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>What may be said of two ways, the first against the second.</summary>
public enum WayVerdict
{
    /// <summary>Fewer than <see cref="Comparison.FewestSeeds"/> seeds of each, or draws that they are crossed with.</summary>
    TooFewSeeds,

    /// <summary>There is no interval: the score is undefined, patients are too few, or both say the same of every image.</summary>
    Untested,

    /// <summary>The 95 % interval holds 0, and the 90 % interval reaches beyond the margin: it may be either.</summary>
    NoDifferenceShown,

    /// <summary>The 95 % interval holds 0, and the 90 % interval lies within the margin.</summary>
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
/// Pharmacokinet. Biopharm. 15:657-680), which is what a 90 % interval within the margin says.
/// </summary>
public static class ComparisonVerdict
{
    private const double Level = 0.05;

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
        var (wide, narrow) = (effects.IntervalAt(1 - Level), effects.IntervalAt(1 - 2 * Level));
        var isWithin = -margin < narrow.Low && narrow.High < margin;
        return wide switch
        {
            { Low: > 0 } when isShown => isWithin ? WayVerdict.BetterByLess : WayVerdict.Better,
            { High: < 0 } when isShown => isWithin ? WayVerdict.WorseByLess : WayVerdict.Worse,
            _ => isWithin ? WayVerdict.Equivalent : WayVerdict.NoDifferenceShown,
        };
    }
}

/// <summary>
/// How many trainings, or test patients, would decide what is undecided, if the difference and what varies it stay as they were measured. About
/// half of such repetitions would decide: the difference that is measured next may be smaller.
/// </summary>
/// <param name="Trainings">Of each way, on the same test patients; null where no number would.</param>
/// <param name="Patients">With as many trainings; null where no number would.</param>
public sealed record DecidingNumbers(int? Trainings, int? Patients)
{
    private const int Most = 1_000_000;

    /// <summary>Null where the comparison is decided already, or has no interval.</summary>
    /// <inheritdoc cref="ComparisonVerdict.Of(Comparison, double, double?)" path="/param[@name='margin']"/>
    public static DecidingNumbers? Of(Comparison comparison, double margin)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return comparison.Effects is { } effects ? Of(effects, comparison.Patients.Count, margin) : null;
    }

    internal static DecidingNumbers? Of(RandomEffects effects, int patients, double margin) =>
        ComparisonVerdict.Of(effects, margin) != WayVerdict.NoDifferenceShown ? null : new(
            Fewest(effects.Trainings, trainings => WithTrainings(effects, (double)trainings / effects.Trainings), margin),
            Fewest(patients, more => WithPatients(effects, (double)more / patients), margin));

    private static RandomEffects WithTrainings(RandomEffects effects, double more) =>
        effects with { SeedVariance = effects.SeedVariance / more, SeedDegrees = more * (effects.SeedDegrees + 1) - 1 };

    private static RandomEffects WithPatients(RandomEffects effects, double more) =>
        effects with { PatientVariance = effects.PatientVariance / more, PatientDegrees = more * (effects.PatientDegrees + 1) - 1 };

    // decisions are monotonous in the number, so that doubling, then halving finds it
    private static int? Fewest(int now, Func<int, RandomEffects> with, double margin)
    {
        bool Decides(int number) => ComparisonVerdict.Of(with(number), margin) != WayVerdict.NoDifferenceShown;
        var (below, above) = (now, now);
        while (!Decides(above))
        {
            if (above >= Most)
                return null;
            (below, above) = (above, Math.Min(Most, 2 * above));
        }

        while (above - below > 1)
        {
            var middle = below + (above - below) / 2;
            (below, above) = Decides(middle) ? (below, middle) : (middle, above);
        }

        return above;
    }
}
