using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Trials.Tuning;

/// <summary>One choice of hyperparameters: a named change of a spec.</summary>
/// <param name="Label">Names it in tables, <c>learning rate 0.001, frozen depth 2</c>.</param>
/// <param name="Apply">Gives the spec with the choice made; changes nothing else.</param>
public sealed record Candidate(string Label, Func<TrialSpec, TrialSpec> Apply);

/// <summary>What a candidate scored on each held-out part, in the order of the folds.</summary>
public sealed record CandidateScore(Candidate Candidate, IReadOnlyList<double> Folds)
{
    /// <summary>
    /// Mean and spread over the folds. Their training parts overlap, so that the standard deviation says how much folds differ, and its
    /// ratio to sqrt(n) understates the error of the mean (Bengio and Grandvalet 2004).
    /// </summary>
    public Summary Summary => Summary.Of(Folds);
}

/// <summary>Scores of all candidates, and which one they choose.</summary>
/// <param name="Candidates">In the order they were given.</param>
/// <param name="Metric">What they are compared by.</param>
public sealed record TuningResult(IReadOnlyList<CandidateScore> Candidates, string Metric = Evaluation.Metric.RocAuc)
{
    /// <summary>The best mean, of an error the lowest; of equal ones the first. That mean is optimistic, the best of several: see <see cref="NestedTuning"/>.</summary>
    public CandidateScore Chosen { get; } = Candidates.MaxBy(candidate => Evaluation.Metric.IsError(Metric) ? -candidate.Summary.Mean : candidate.Summary.Mean) ?? throw new ArgumentException("There are no candidates", nameof(Candidates));
}
