using MedTransfer.Evaluation;

namespace MedTransfer.Trials.Tuning;

/// <summary>One outer fold.</summary>
/// <param name="Chosen">What its inner folds chose.</param>
/// <param name="Inner">The mean score that made it the choice: the best of several, so too good on average.</param>
/// <param name="Outer">Its score on images that had no part in the choice.</param>
public sealed record NestedFold(Candidate Chosen, double Inner, double Outer);

/// <summary>How good "choose, then train" is, over the outer folds.</summary>
public sealed record NestedEstimate(IReadOnlyList<NestedFold> Folds)
{
    /// <summary>The honest estimate.</summary>
    public Summary Outer => Summary.Of(Folds.Select(fold => fold.Outer));

    /// <summary>What would have been believed without outer folds.</summary>
    public Summary Inner => Summary.Of(Folds.Select(fold => fold.Inner));

    /// <summary>
    /// Inner minus outer mean: what choosing the best flatters, less what the outer models gain from their larger training parts.
    /// </summary>
    public double Optimism => Inner.Mean - Outer.Mean;
}
