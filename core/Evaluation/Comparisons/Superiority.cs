using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// P(A beats B): how often a training of the first way scores higher than one of the second with the same seed and draw, a tie counted half
/// (Bouthillier et al. 2021, MLSys 3:747-769). On the images at hand: it covers what seeds vary.
/// </summary>
/// <param name="Seeds">Seeds, at least 1; the draws that one is crossed with are not independent, and their mean counts once.</param>
/// <param name="Probability">0 to 1, .5 where neither is better.</param>
/// <param name="Interval95">Wilson's.</param>
public sealed record Superiority(int Seeds, double Probability, Interval Interval95)
{
    /// <summary>Of differences, first less second, at least one, by their seeds.</summary>
    public static Superiority Of(IReadOnlyList<(int Seed, double Difference)> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        static double Won(double difference) => difference > 0 ? 1 : difference < 0 ? 0 : 0.5;
        double[] seeds = [.. differences.GroupBy(of => of.Seed, of => Won(of.Difference)).Select(seed => seed.Average())];
        return new(seeds.Length, seeds.Average(), ProportionInterval.Wilson(seeds.Sum(), seeds.Length));
    }
}
