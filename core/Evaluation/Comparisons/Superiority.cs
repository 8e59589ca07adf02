using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// P(A beats B): how often a training of the first way scores higher than one of the second with the same seed and draw, a tie counted half
/// (Bouthillier et al. 2021, MLSys 3:747-769). On the images at hand: it covers what seeds vary.
/// </summary>
/// <param name="Count">Pairs, at least 1.</param>
/// <param name="Probability">0 to 1, .5 where neither is better.</param>
/// <param name="Interval95">Wilson's.</param>
public sealed record Superiority(int Count, double Probability, Interval Interval95)
{
    /// <summary>Of differences, first less second, at least one.</summary>
    public static Superiority Of(IReadOnlyList<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var wins = differences.Sum(difference => difference > 0 ? 1 : difference < 0 ? 0 : 0.5);
        return new(differences.Count, wins / differences.Count, ProportionInterval.Wilson(wins, differences.Count));
    }
}
