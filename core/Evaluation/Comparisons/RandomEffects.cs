using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// A mean over trainings with what varies it: their seeds (readers, as multi-reader studies call them) and the patients of the split (cases),
/// both drawn at random (Obuchowski and Rockette 1995, Commun. Stat. Simul. 24:285-308). More seeds never shrink what the patients add. Degrees
/// of freedom by Satterthwaite's approximation, as Hillis (2007, Stat. Med. 26:596-619), who takes patients to be many: what they add has
/// degrees of its own here, as intervals of twenty patients would else be too short.
/// </summary>
/// <remarks>
/// Patients of folds are tested by one model and teach the others, and testing alone shows but half of it. Where there is little to learn, patient i's effect on j's score, as one who was learned from, and
/// j's on i's are nearly equal, so that their sum varies twice as much (no estimate from one set can tell: Bengio and Grandvalet 2004, J. Mach. Learn. Res. 5:1089-1105). Without it intervals hold the truth in 85 %
/// instead of 95 where labels mean nothing. The part h of the patients' variance that is of this kind changes with who was learned from: of k folds, two repeats that test j share all but 1 / k of the
/// others, so that their covariance has (1 - 1/k) h of it and the variance of one h / k more, with noise of the seeds on top. Hence (k - 1) (variance of one - covariance of two) is added, and no more than that covariance: networks,
/// whose seeds are noisy, mostly reach that limit, and their intervals are rather too long.
/// </remarks>
/// <param name="Mean">The score's, or the difference's.</param>
/// <param name="Trainings">Number of trainings of each way, at least 2.</param>
/// <param name="SeedVariance">What seeds and draws add to the variance of the mean.</param>
/// <param name="PatientVariance">What the patients add to it, as those that are tested and, of folds, those that were learned from, beyond what they vary between seeds, not negative.</param>
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

    /// <summary>Mean -+ t StandardError of a difference, cut off at -1 and 1.</summary>
    /// <param name="confidence">.95, say.</param>
    public Interval DifferenceAt(double confidence) => ScoreInterval.OfDifference(Mean, StandardError, DegreesOfFreedom, confidence);

    /// <summary>
    /// The mean difference of two ways, first less second. With s the standard deviation of the J differences: s^2 / J + 2 max(Cov2 - Cov3, 0),
    /// Cov2 being the mean sampling covariance of two seeds of one way, Cov3 of two seeds of different ways (and more for folds, see remarks); but no less than what patients alone vary
    /// the mean of these very trainings, which s can miss where their errors cancel on the images at hand. Seeds that are crossed with draws
    /// have an analysis of variance of their own, see <see cref="CrossedVariance"/>.
    /// </summary>
    /// <returns>Null for fewer than two trainings, where patients are too few to vary anything, and where nothing varies.</returns>
    internal static RandomEffects? OfDifference(IReadOnlyList<Pair> pairs)
    {
        // of differences, the mean covariance of two trainings is 2 (Cov2 - Cov3)
        if (Of([.. pairs.Select(pair => new Training(pair.Seed, pair.Draw, pair.First.Value - pair.Second.Value, DeviationsOf(pair), pair.First.Folds))]) is not var (effects, between, within, together))
            return null;
        var patients = Math.Max(effects.PatientVariance, together - effects.SeedVariance);
        return Varying(effects with { PatientVariance = patients, PatientNoise = Math.Clamp((within - between) / pairs.Count, 0, effects.SeedVariance) });
    }

    /// <summary>The mean score of one way: s^2 / J + max(Cov2, 0), and more for folds.</summary>
    /// <inheritdoc cref="OfDifference" path="/returns"/>
    internal static RandomEffects? OfScore(IReadOnlyList<(int Seed, int Draw, CaseScore Score)> trainings) =>
        Of([.. trainings.Select(training => new Training(training.Seed, training.Draw, training.Score.Value, training.Score.Deviations, training.Score.Folds))]) is var (effects, _, _, _)
            ? Varying(effects)
            : null;

    /// <summary>Two scores of the same training.</summary>
    internal sealed record Pair(int Seed, int Draw, CaseScore First, CaseScore Second);

    private sealed record Training(int Seed, int Draw, double Value, Deviations? Deviations, int Folds);

    private sealed record Varied(RandomEffects Effects, double Between, double Within, double Together);

    // with the sampling covariance of two trainings, of one with itself (means over trainings), and of the mean of them all with itself
    private static Varied? Of(IReadOnlyList<Training> trainings)
    {
        if (trainings.Count < 2 || trainings.Any(training => training.Deviations is null))
            return null;
        var seeds = CrossedVariance.Of([.. trainings.Select(training => (training.Seed, training.Draw, training.Value))]);
        Deviations[] deviations = [.. trainings.Select(training => training.Deviations!)];
        var (count, sum) = ((double)deviations.Length, Deviations.OfSum(deviations));
        var (all, own) = (Deviations.Covariance(sum, sum), deviations.Sum(each => Deviations.Covariance(each, each)));
        var between = (all - own) / (count * (count - 1));
        var tested = Math.Max(between, 0);
        // never below "between" but by rounding; folds of which a score is undefined are fewer
        var learned = Math.Clamp((trainings.Max(training => training.Folds) - 1) * (own / count - between), 0, tested);
        var effects = new RandomEffects(
            trainings.Average(training => training.Value), deviations.Length, seeds.OfMean, tested + learned, seeds.DegreesOfFreedom, deviations.Min(each => each.Fewest) - 1);
        return new(effects, between, own / count, all / (count * count));
    }

    private static Deviations? DeviationsOf(Pair pair) =>
        pair.First.Deviations is { } first && pair.Second.Deviations is { } second ? Deviations.OfDifference(first, second) : null;

    private static RandomEffects? Varying(RandomEffects effects) =>
        effects.SeedVariance + effects.PatientVariance > CrossedVariance.Rounding * CrossedVariance.Rounding ? effects : null;

    private static double Square(double x) => x * x;
}
