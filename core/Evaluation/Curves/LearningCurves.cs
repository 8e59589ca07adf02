using MathNet.Numerics.Statistics;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Intervals;
using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Curves;

/// <summary>A training of a way, with so many images and a seed.</summary>
public sealed record CurveTraining(int Images, int Seed, CaseScore Score);

/// <summary>A number of images that a curve tells, and where 95 % of the draws lie; positive infinity where it is never reached.</summary>
public sealed record CurveImages(double Images, double Low, double High);

/// <summary>A score that a curve tells, and where 95 % of the draws lie.</summary>
public sealed record CurveScore(double Score, Interval Range95);

/// <summary>
/// Scores of several ways by the number of training images, each fitted by a <see cref="PowerLaw"/>. How sure the curves are is seen by drawing seeds and, independently, patients with
/// replacement, the same ones for all ways and sizes (patients by what each adds to a score to first order, so that a draw without a class is no matter), and fitting anew. One seed less is drawn than there are, so that means vary as much as those of as many seeds do (Rao and Wu 1988, J. Am. Stat. Assoc. 83:231-241); of few seeds percentiles are too close
/// together all the same: ranges, no confidence intervals. They hold if scores go on as power laws, which nobody can promise.
/// </summary>
public sealed class LearningCurves
{
    private const int FewestDraws = 40;

    private readonly IReadOnlyDictionary<string, Curve> measured;
    private readonly IReadOnlyList<IReadOnlyDictionary<string, Curve>> draws;

    private LearningCurves(IReadOnlyDictionary<string, Curve> measured, IReadOnlyList<IReadOnlyDictionary<string, Curve>> draws, int largest) =>
        (this.measured, this.draws, Largest) = (measured, draws, largest);

    /// <summary>The most images that were learned from: what is told of more is extrapolated.</summary>
    public int Largest { get; }

    /// <summary>The curve of a way.</summary>
    public PowerLaw this[string way] => measured[way].Fit;

    /// <summary>Fits ways that have the same sizes and seeds, tested on the same patients.</summary>
    /// <param name="ways">Of each way every training: every seed once with every size, of which there are three or more.</param>
    /// <param name="resamples">1,000 is usual, at least 40.</param>
    /// <param name="seed">The same gives the same intervals.</param>
    /// <returns>Null with fewer than <see cref="Comparison.FewestSeeds"/> seeds, and where fewer than <see cref="CaseScore.FewestPatients"/> decide a score.</returns>
    public static LearningCurves? Of(IReadOnlyDictionary<string, IReadOnlyList<CurveTraining>> ways, int resamples, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(ways);
        if (resamples < FewestDraws)
            throw new ArgumentException($"{resamples} draws can't show the ends of a 95 % interval", nameof(resamples));
        if (ways.Values.SelectMany(way => way).Any(training => training.Score.HasFewPatients))
            return null;
        var first = ways.Values.First();
        int[] sizes = [.. first.Select(training => training.Images).Distinct().Order()];
        int[] seeds = [.. first.Select(training => training.Seed).Distinct().Order()];
        if (seeds.Length < Comparison.FewestSeeds)
            return null;
        var scores = ways.ToDictionary(way => way.Key, way => Grid(way.Value, sizes, seeds));
        var random = new SplitMix64(unchecked((ulong)seed));
        var count = first[0].Score.Patients.Count;
        var draws = new List<IReadOnlyDictionary<string, Curve>>();
        for (var resample = 0; resample < resamples; resample++)
        {
            int[] drawnSeeds = [.. seeds.Skip(1).Select(_ => random.Below(seeds.Length))];
            var times = new int[count];
            for (var patient = 0; patient < count; patient++)
                times[random.Below(count)]++;
            draws.Add(Fitted(scores, sizes, drawnSeeds, score => score.Linearised(times)!.Value));
        }

        return new(Fitted(scores, sizes, [.. Enumerable.Range(0, seeds.Length)], score => score.Value), draws, sizes[^1]);
    }

    /// <summary>The score of a way with so many images, by its curve.</summary>
    public CurveScore ScoreOf(string way, int images) => new(this[way].At(images), IntervalOf(draws.Select(draw => draw[way].Fit.At(images))));

    /// <summary>What a way gains by going from one number of images to another, by its curve.</summary>
    public CurveScore GainOf(string way, int from, int to) => new(
        this[way].At(to) - this[way].At(from),
        IntervalOf(draws.Select(draw => draw[way].Fit.At(to) - draw[way].Fit.At(from))));

    /// <summary>
    /// How many images a way needs for the score that another has with the most that were learned from: read off between the sizes that were measured
    /// (<see cref="Comparisons.ImagesNeeded"/>), beyond them by its curve.
    /// </summary>
    public CurveImages ImagesNeeded(string way, string other)
    {
        double Needed(IReadOnlyDictionary<string, Curve> ways) => ways[way].ImagesFor(ways[other].Points[^1].Score);
        double[] sorted = [.. draws.Select(Needed).Order()];
        // an order statistic, as between a number and infinity there is nothing
        return new(Needed(measured), sorted[(int)(0.025 * (sorted.Length - 1))], sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))]);
    }

    private sealed record Curve(IReadOnlyList<(int Images, double Score)> Points)
    {
        public PowerLaw Fit { get; } = PowerLaw.Fit(Points);

        public double ImagesFor(double score) => Comparisons.ImagesNeeded.For(score, Points) is { Bound: not ImagesBound.MoreThan, Images: var images }
            ? images
            : Math.Max(Points[^1].Images, Fit.ImagesFor(score));
    }

    private static Interval IntervalOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(SortedArrayStatistics.QuantileCustom(sorted, 0.025, QuantileDefinition.R7), SortedArrayStatistics.QuantileCustom(sorted, 0.975, QuantileDefinition.R7));
    }

    // a row a size, a column a seed
    private static CaseScore[][] Grid(IReadOnlyList<CurveTraining> trainings, int[] sizes, int[] seeds) =>
        [.. sizes.Select(size => seeds.Select(seed => trainings.Single(training => training.Images == size && training.Seed == seed).Score).ToArray())];

    private static Dictionary<string, Curve> Fitted(Dictionary<string, CaseScore[][]> ways, int[] sizes, int[] seeds, Func<CaseScore, double> score)
    {
        var curves = new Dictionary<string, Curve>();
        foreach (var (way, grid) in ways)
        {
            var points = new List<(int, double)>();
            foreach (var (size, ofSeeds) in sizes.Zip(grid))
            {
                // a seed that is drawn twice is scored once
                var sum = seeds.CountBy(seed => seed).Sum(drawn => drawn.Value * score(ofSeeds[drawn.Key]));
                points.Add((size, sum / seeds.Length));
            }

            curves[way] = new(points);
        }

        return curves;
    }
}
