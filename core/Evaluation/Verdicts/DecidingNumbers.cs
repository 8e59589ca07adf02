using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>
/// How many seeds, or test patients, would decide what is undecided, if the difference and what varies it stay as they were measured. About
/// half of such repetitions would decide: the difference that is measured next may be smaller.
/// </summary>
/// <param name="Seeds">Of each way, on the same test patients; null where no number would, and where seeds are crossed with draws.</param>
/// <param name="Patients">With as many seeds; null where no number would.</param>
public sealed record DecidingNumbers(int? Seeds, int? Patients)
{
    private const int Most = 1_000_000;

    /// <summary>Null where the comparison is decided already, or has no interval.</summary>
    /// <inheritdoc cref="ComparisonVerdict.Of(Comparison, double, double?)" path="/param[@name='margin']"/>
    public static DecidingNumbers? Of(Comparison comparison, double margin)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (comparison.Effects is not { } effects || Of(effects, comparison.Patients.Count, margin) is not { } numbers)
            return null;
        return comparison.IsCrossed ? numbers with { Seeds = null } : numbers;
    }

    internal static DecidingNumbers? Of(RandomEffects effects, int patients, double margin) =>
        ComparisonVerdict.Of(effects, margin) != WayVerdict.NoDifferenceShown ? null : new(
            Fewest(effects.Trainings, seeds => WithSeeds(effects, (double)seeds / effects.Trainings), margin),
            Fewest(patients, more => WithPatients(effects, (double)more / patients), margin));

    private static RandomEffects WithSeeds(RandomEffects effects, double more) => effects with
    {
        SeedVariance = effects.SeedVariance / more,
        SeedDegrees = more * (effects.SeedDegrees + 1) - 1,
    };

    private static RandomEffects WithPatients(RandomEffects effects, double more) => effects with
    {
        SeedVariance = effects.SeedVariance - effects.PatientNoise + effects.PatientNoise / more,
        PatientVariance = effects.PatientVariance / more,
        PatientDegrees = more * (effects.PatientDegrees + 1) - 1,
    };

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
