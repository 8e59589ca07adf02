using MedTransfer.Data;

namespace MedTransfer.Trials.Tuning;

/// <summary>Results, found again by their trials.</summary>
internal sealed class FinishedTrials(IEnumerable<TrialResult> results)
{
    private readonly Dictionary<string, TrialResult> results = results.DistinctBy(result => result.Trial.Name).ToDictionary(result => result.Trial.Name);

    /// <summary>The score of what the trial's fold held out.</summary>
    /// <exception cref="MedTransferException">The trial is not among the results, or its score is undefined.</exception>
    public double HeldOut(TuningScore score, Trial trial)
    {
        if (!results.TryGetValue(trial.Name, out var result))
            throw new MedTransferException($"Trial {trial.Name} ({trial.Label}) is not among the results: run all trials of the tuning first.");
        var scores = result.Metrics.Scores(SplitName.Test);
        var value = score switch
        {
            TuningScore.Accuracy => scores.Accuracy,
            TuningScore.BalancedAccuracy => scores.BalancedAccuracy,
            _ => scores.RocAuc,
        };
        return value ?? throw new MedTransferException($"{score} is undefined for '{trial.Label}', which holds out {scores.Images} images of one class: hold out more, stratify, or tune by Accuracy.") { IsUsage = true };
    }
}
