namespace MedTransfer.Trials.Tuning;

/// <summary>What each outer fold chose.</summary>
/// <param name="Choices">The inner table and choice of each outer fold.</param>
/// <param name="Trials">Each choice trained on its outer fold's training part: to be run before <see cref="Estimate"/>.</param>
/// <param name="Score">What was chosen by, and is estimated.</param>
public sealed record NestedChoice(IReadOnlyList<TuningResult> Choices, IReadOnlyList<Trial> Trials, TuningScore Score)
{
    /// <summary>The estimate.</summary>
    /// <param name="results">Those of <see cref="Trials"/>, in any order.</param>
    /// <exception cref="MedTransferException">One is missing, or its score is undefined.</exception>
    public NestedEstimate Estimate(IEnumerable<TrialResult> results)
    {
        var finished = new FinishedTrials(results);
        return new([.. Choices.Zip(Trials, (choice, trial) =>
            new NestedFold(choice.Chosen.Candidate, choice.Chosen.Summary.Mean, finished.HeldOut(Score, trial)))]);
    }
}
