using MedTransfer.Evaluation;

namespace MedTransfer.Trials.Tuning;

/// <summary>What a candidate scored on each held-out part, in the order of the folds.</summary>
public sealed record CandidateScore(Candidate Candidate, IReadOnlyList<double> Folds)
{
    /// <summary>
    /// Mean and spread over the folds. Their training parts overlap, so that the standard deviation says how much folds differ, and its
    /// ratio to sqrt(n) understates the error of the mean (Bengio and Grandvalet 2004).
    /// </summary>
    public Summary Summary => Summary.Of(Folds);
}
