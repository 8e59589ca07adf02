using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// A mean over trainings with what varies it: their seeds (readers, as multi-reader studies call them) and the patients of the split (cases),
/// both drawn at random (Obuchowski and Rockette 1995, Commun. Stat. Simul. 24:285-308). More seeds never shrink what the patients add. Degrees
/// of freedom by Satterthwaite's approximation, as Hillis (2007, Stat. Med. 26:596-619), who takes patients to be many: what they add has
/// degrees of its own here, as intervals of twenty patients would else be too short.
/// </summary>
/// <param name="Mean">The score's, or the difference's.</param>
/// <param name="Trainings">Number of trainings of each way, at least 2.</param>
/// <param name="SeedVariance">What seeds and draws add to the variance of the mean.</param>
/// <param name="PatientVariance">What the patients add to it, beyond what they vary between seeds, not negative.</param>
/// <param name="SeedDegrees">Degrees of freedom of SeedVariance, at least 1.</param>
/// <param name="PatientDegrees">Of PatientVariance, at least 1: one less than the patients of the rarer kind, which of an AUC have positives or negatives.</param>
public sealed record RandomEffects(double Mean, int Trainings, double SeedVariance, double PatientVariance, double SeedDegrees, double PatientDegrees)
{
    /// <summary>V^2 / (V_seeds^2 / SeedDegrees + V_patients^2 / PatientDegrees), V being their sum: at least 1.</summary>
    public double DegreesOfFreedom =>
        Square(SeedVariance + PatientVariance) / (Square(SeedVariance) / SeedDegrees + Square(PatientVariance) / PatientDegrees);

    /// <summary>The part of SeedVariance that is noise of the patients in each training, and that more patients would shrink; 0 to SeedVariance.</summary>
    internal double PatientNoise { get; init; }

    /// <summary>Of the mean, above 0.</summary>
    public double StandardError => Math.Sqrt(SeedVariance + PatientVariance);

    /// <summary>Two-sided, of "the mean is 0".</summary>
    public double PValue => StudentT.TwoSidedP(Mean / StandardError, DegreesOfFreedom);

    /// <summary>Mean -+ t StandardError, cut off at the ends of what the figure can be.</summary>
    /// <param name="confidence">.95, say.</param>
    /// <param name="least">The least that the figure can be, -1 for a difference of scores.</param>
    public Interval IntervalAt(double confidence, double least = -1, double most = 1)
    {
        var reach = StudentT.Critical(1 - confidence, DegreesOfFreedom) * StandardError;
        return new(Math.Clamp(Mean - reach, least, most), Math.Clamp(Mean + reach, least, most));
    }

    /// <summary>
    /// The mean difference of two ways, first less second. With s the standard deviation of the J differences: s^2 / J + 2 max(Cov2 - Cov3, 0),
    /// Cov2 being the mean sampling covariance of two seeds of one way, Cov3 of two seeds of different ways; but no less than what patients alone vary
    /// the mean of these very trainings, which s can miss where their errors cancel on the images at hand. Seeds that are crossed with draws
    /// have an analysis of variance of their own, see <see cref="CrossedVariance"/>.
    /// </summary>
    /// <returns>Null for fewer than two trainings, where patients are too few to vary anything, and where nothing varies.</returns>
    internal static RandomEffects? OfDifference(IReadOnlyList<Pair> pairs)
    {
        if (pairs.Count < 2 || pairs.Any(pair => pair.First.Deviations is null || pair.Second.Deviations is null))
            return null;
        var seeds = CrossedVariance.Of([.. pairs.Select(pair => (pair.Seed, pair.Draw, pair.First.Value - pair.Second.Value))]);
        Deviations[] first = [.. pairs.Select(pair => pair.First.Deviations!)], second = [.. pairs.Select(pair => pair.Second.Deviations!)];
        var (cov2, cov3) = ((Between(first, first) + Between(second, second)) / 2, Between(first, second));
        // of the mean difference of these very trainings, over patients
        var (sumOfFirst, sumOfSecond) = (Deviations.OfSum(first), Deviations.OfSum(second));
        var together = (Deviations.Covariance(sumOfFirst, sumOfFirst) + Deviations.Covariance(sumOfSecond, sumOfSecond)
            - 2 * Deviations.Covariance(sumOfFirst, sumOfSecond)) / Square(pairs.Count);
        var patients = Math.Max(2 * Math.Max(cov2 - cov3, 0), together - seeds.OfMean);
        var within = first.Zip(second, (a, b) => Deviations.Covariance(a, a) + Deviations.Covariance(b, b) - 2 * Deviations.Covariance(a, b)).Average();
        return Of(pairs.Average(pair => pair.First.Value - pair.Second.Value), pairs.Count, seeds, patients, first.Concat(second).Min(deviations => deviations.Fewest)) is { } effects
            ? effects with { PatientNoise = Math.Clamp((within - 2 * (cov2 - cov3)) / pairs.Count, 0, effects.SeedVariance) }
            : null;
    }

    /// <summary>The mean score of one way: s^2 / J + max(Cov2, 0).</summary>
    /// <inheritdoc cref="OfDifference" path="/returns"/>
    internal static RandomEffects? OfScore(IReadOnlyList<(int Seed, int Draw, CaseScore Score)> trainings)
    {
        if (trainings.Count < 2 || trainings.Any(training => training.Score.Deviations is null))
            return null;
        var seeds = CrossedVariance.Of([.. trainings.Select(training => (training.Seed, training.Draw, training.Score.Value))]);
        Deviations[] all = [.. trainings.Select(training => training.Score.Deviations!)];
        return Of(trainings.Average(training => training.Score.Value), trainings.Count, seeds, Math.Max(Between(all, all), 0), all.Min(deviations => deviations.Fewest));
    }

    /// <summary>Two scores of the same training.</summary>
    internal sealed record Pair(int Seed, int Draw, CaseScore First, CaseScore Second);

    private static RandomEffects? Of(double mean, int trainings, CrossedVariance seeds, double patients, int fewest) => seeds.OfMean + patients > CrossedVariance.Rounding * CrossedVariance.Rounding
        ? new(mean, trainings, seeds.OfMean, patients, seeds.DegreesOfFreedom, fewest - 1)
        : null;

    private static double Square(double x) => x * x;

    // the mean covariance of two different trainings, one of each list
    private static double Between(Deviations[] first, Deviations[] second)
    {
        var all = Deviations.Covariance(Deviations.OfSum(first), Deviations.OfSum(second));
        var same = first.Zip(second, Deviations.Covariance).Sum();
        return (all - same) / ((double)first.Length * (first.Length - 1));
    }
}
