namespace MedTransfer.Trials.Tuning;

/// <summary>Scores of all candidates, and which one they choose.</summary>
/// <param name="Candidates">In the order they were given.</param>
public sealed record TuningResult(IReadOnlyList<CandidateScore> Candidates)
{
    /// <summary>The highest mean; of equal ones the first. That mean is optimistic, the best of several: see <see cref="NestedTuning"/>.</summary>
    public CandidateScore Chosen { get; } = Candidates.MaxBy(candidate => candidate.Summary.Mean) ?? throw new ArgumentException("There are no candidates", nameof(Candidates));
}
