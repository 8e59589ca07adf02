using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>How a training fits its images (Allamy and Khan 2014).</summary>
public enum Fit
{
    /// <summary>There is no AUC of train or of validation.</summary>
    Undefined,

    /// <summary>One seed, or the same differences in all.</summary>
    Untested,

    /// <summary>It does worse on its own training images than the best control on test, by more than chance.</summary>
    TooLittle,

    /// <summary>Train lies above validation, and the validation loss has risen since the epoch at which the other seeds' is lowest, both by more than chance.</summary>
    TooMuch,

    /// <summary>Train lies above validation by more than chance, but no rise of the validation loss can be told.</summary>
    GapAlone,

    /// <summary>Train can't be told from validation.</summary>
    NoGap,
}

/// <summary>What one seed says of the fit.</summary>
/// <param name="TrainAuc">0 to 1; null where undefined.</param>
/// <param name="ValidationAuc">0 to 1; null where undefined.</param>
/// <param name="Controls">Test AUC of each control on the same sample; null where missing.</param>
/// <param name="ValidationLosses">One an epoch.</param>
public sealed record SeedFit(double? TrainAuc, double? ValidationAuc, IReadOnlyList<double?> Controls, IReadOnlyList<double> ValidationLosses);

/// <summary>Whether a training fits too little or too much, over seeds.</summary>
/// <param name="BestControl">The control with the highest mean AUC, by its place; null where there is none.</param>
/// <param name="LossRise">Mean rise of the validation loss since the epoch at which the other seeds' is lowest; null where no two seeds can be compared.</param>
public sealed record FitReading(Fit Fit, int? BestControl, double? LossRise)
{
    /// <summary>Reads seeds that have the same controls in the same order.</summary>
    public static FitReading Of(IReadOnlyList<SeedFit> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        var best = BestOf(seeds);
        var rises = LossRises([.. seeds.Select(seed => seed.ValidationLosses)]);
        return new(Read(seeds, best, rises), best, rises.Count == 0 ? null : rises.Average());
    }

    /// <summary>
    /// By how much each validation loss ends above that of the epoch at which the other seeds' are lowest on average; its own lowest is never
    /// above its last, and so would always rise.
    /// </summary>
    /// <param name="losses">One list a seed. Only those of the same length, two epochs or more, are compared.</param>
    /// <returns>One rise for each seed that has others to compare with.</returns>
    public static IReadOnlyList<double> LossRises(IReadOnlyList<IReadOnlyList<double>> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var rises = new List<double>();
        for (var i = 0; i < losses.Count; i++)
        {
            var own = losses[i];
            var others = losses.Where((other, j) => j != i && other.Count == own.Count).ToList();
            if (own.Count < 2 || others.Count == 0)
                continue;
            var lowest = Enumerable.Range(0, own.Count).MinBy(epoch => others.Average(other => other[epoch]));
            rises.Add(own[^1] - own[lowest]);
        }

        return rises;
    }

    private static Fit Read(IReadOnlyList<SeedFit> seeds, int? best, IReadOnlyList<double> rises)
    {
        if (!seeds.Any(seed => seed.TrainAuc is not null) || !seeds.Any(seed => seed.ValidationAuc is not null))
            return Fit.Undefined;
        if (best is { } control && Difference(seeds, seed => seed.TrainAuc, seed => seed.Controls[control]) == Verdict.Below)
            return Fit.TooLittle;
        return Difference(seeds, seed => seed.TrainAuc, seed => seed.ValidationAuc) switch
        {
            Verdict.Untested => Fit.Untested,
            Verdict.Above => Rise(rises) == Verdict.Above ? Fit.TooMuch : Fit.GapAlone,
            _ => Fit.NoGap,
        };
    }

    private static Verdict Difference(IReadOnlyList<SeedFit> seeds, Func<SeedFit, double?> first, Func<SeedFit, double?> second)
    {
        var pairs = seeds.Where(seed => first(seed) is not null && second(seed) is not null).ToList();
        return pairs.Count == 0
            ? Verdict.Untested
            : DifferenceVerdict.Of(PairedDifference.Of(pairs.Select(seed => first(seed)!.Value), pairs.Select(seed => second(seed)!.Value)));
    }

    private static Verdict Rise(IReadOnlyList<double> rises) =>
        rises.Count == 0 ? Verdict.Untested : DifferenceVerdict.Of(PairedDifference.Of(rises, rises.Select(_ => 0.0)));

    private static int? BestOf(IReadOnlyList<SeedFit> seeds)
    {
        var controls = seeds.Count == 0 ? 0 : seeds[0].Controls.Count;
        return Enumerable.Range(0, controls)
            .Select(control => (control, auc: seeds.Average(seed => seed.Controls[control])))
            .Where(mean => mean.auc is not null)
            .OrderByDescending(mean => mean.auc)
            .Select(mean => (int?)mean.control)
            .FirstOrDefault();
    }
}
