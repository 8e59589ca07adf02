using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>One training of each of two ways, with the same seed and on the same draw, scored over the same patients.</summary>
/// <param name="First">Null where the score is undefined.</param>
/// <param name="Second">Null where the score is undefined.</param>
public sealed record ComparedTrainings(int Seed, int Draw, CaseScore? First, CaseScore? Second);

/// <summary>
/// Two ways compared, first less second, over the same seeds, draws and test patients. What varies the difference is told apart: seeds (with
/// their draws), which more trainings average out, and patients, which they don't.
/// </summary>
/// <param name="Trainings">Pairs for which both scores are defined, at least 1.</param>
/// <param name="Total">Pairs in all, at least Trainings.</param>
/// <param name="Patients">Whose the test images are.</param>
/// <param name="First">Mean score of the first way.</param>
/// <param name="Second">Mean score of the second.</param>
/// <param name="OverSeeds">What seeds and draws alone vary, on these very test images: Student's t.</param>
/// <param name="Beats">How often the first scores higher.</param>
public sealed record Comparison(int Trainings, int Total, Patients Patients, double First, double Second, PairedDifference OverSeeds, Superiority Beats)
{
    /// <summary>
    /// Seeds of each way from which on the interval covers what it says, and a verdict may follow: with fewer, how seeds vary is hardly seen. Where
    /// seeds are crossed with draws, draws too.
    /// </summary>
    public const int FewestSeeds = 5;

    private IReadOnlyList<RandomEffects.Pair> Pairs { get; init; } = [];

    /// <summary>Mean difference.</summary>
    public double Difference => First - Second;

    /// <summary>
    /// The difference with what seeds and patients vary; null with fewer than <see cref="FewestSeeds"/> or <see cref="CaseScore.FewestPatients"/>, and
    /// where the two ways say the same of every image.
    /// </summary>
    public RandomEffects? Effects { get; private init; }

    /// <summary>Whether every seed was trained on several draws.</summary>
    public required bool IsCrossed { get; init; }

    /// <summary>Whether seeds, or draws that they are crossed with, are fewer than <see cref="FewestSeeds"/>.</summary>
    public required bool HasFewSeeds { get; init; }

    /// <summary>Whether patients of the rarer class are fewer than <see cref="CaseScore.FewestPatients"/>.</summary>
    public required bool HasFewPatients { get; init; }

    /// <summary>The primary interval, of seeds and patients; null where <see cref="Effects"/> is.</summary>
    public Interval? Interval95 => Effects?.DifferenceAt(0.95);

    /// <summary>Two-sided, of "the ways are equally good in the mean"; null where <see cref="Effects"/> is.</summary>
    public double? PValue => Effects?.PValue;

    /// <summary>Compares two ways.</summary>
    /// <returns>Null where no pair has both scores.</returns>
    public static Comparison? Between(IReadOnlyList<ComparedTrainings> trainings)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        var pairs = trainings.Where(training => training is { First: not null, Second: not null })
            .Select(training => new RandomEffects.Pair(training.Seed, training.Draw, training.First!, training.Second!)).ToList();
        if (pairs.Count == 0)
            return null;
        var (first, second) = (pairs.ConvertAll(pair => pair.First.Value), pairs.ConvertAll(pair => pair.Second.Value));
        (int, int)[] repetitions = [.. pairs.Select(pair => (pair.Seed, pair.Draw))];
        var hasFewSeeds = AreFewSeeds(repetitions);
        var hasFewPatients = pairs.Any(pair => pair.First.HasFewPatients || pair.Second.HasFewPatients);
        return new(
            pairs.Count, trainings.Count, pairs[0].First.Patients, first.Average(), second.Average(), PairedDifference.Of([.. pairs.Select(pair => (pair.Seed, pair.Draw, pair.First.Value, pair.Second.Value))]),
            Superiority.Of([.. pairs.Select(pair => (pair.Seed, pair.First.Value - pair.Second.Value))]))
        {
            Pairs = pairs,
            Effects = hasFewSeeds || hasFewPatients ? null : RandomEffects.OfDifference(pairs),
            HasFewSeeds = hasFewSeeds,
            IsCrossed = AreCrossed(repetitions),
            HasFewPatients = hasFewPatients,
        };
    }

    /// <summary>Whether seeds, or draws that they are crossed with, are too few for their spread to be seen.</summary>
    internal static bool AreFewSeeds(IReadOnlyCollection<(int Seed, int Draw)> trainings)
    {
        var (seeds, draws) = Counts(trainings);
        // where each of one sort has one of the other, it is the larger number that varies
        return (AreCrossed(trainings) ? Math.Min(seeds, draws) : Math.Max(seeds, draws)) < FewestSeeds;
    }

    private static bool AreCrossed(IReadOnlyCollection<(int Seed, int Draw)> trainings)
    {
        var (seeds, draws) = Counts(trainings);
        return trainings.Distinct().Count() > Math.Max(seeds, draws);
    }

    private static (int Seeds, int Draws) Counts(IReadOnlyCollection<(int Seed, int Draw)> trainings) =>
        (trainings.DistinctBy(training => training.Seed).Count(), trainings.DistinctBy(training => training.Draw).Count());

    /// <summary>A check of <see cref="Interval95"/>, see <see cref="CrossedBootstrap"/>; null where <see cref="Effects"/> is, and where seeds are crossed with draws.</summary>
    /// <param name="resamples">2,000 is usual.</param>
    public Interval? Bootstrap(int resamples, long seed = 0) => Effects is null || IsCrossed ? null : CrossedBootstrap.Of(Pairs, resamples, seed);
}
