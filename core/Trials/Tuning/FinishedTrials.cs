using MedTransfer.Data;
using MedTransfer.Evaluation;

namespace MedTransfer.Trials.Tuning;

/// <summary>Results, found again by their trials.</summary>
internal sealed class FinishedTrials(IEnumerable<TrialResult> results)
{
    private readonly Dictionary<string, TrialResult> results = results.DistinctBy(result => result.Trial.Name).ToDictionary(result => result.Trial.Name);

    /// <summary>The metric of what the trial's fold held out.</summary>
    /// <exception cref="MedTransferException">The trial is not among the results, or its score is undefined.</exception>
    public double HeldOut(string score, Trial trial)
    {
        if (!results.TryGetValue(trial.Name, out var result))
            throw new MedTransferException($"Trial {trial.Name} ({trial.Label}) is not among the results: run all trials of the tuning first.");
        var scores = result.Metrics.Scores(SplitName.Test);
        var value = scores.Values[score];
        return value ?? throw new MedTransferException($"{Metric.InWords(score)} is undefined for '{trial.Label}', which holds out {scores.Images} images of one class: hold out more, stratify, or tune by {Metric.InWords(Metric.Accuracy)}.") { IsUsage = true };
    }
}
