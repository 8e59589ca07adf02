using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Tasks;

namespace MedTransfer.Trials.Tuning;

/// <summary>A choice among candidates by their scores on held-out parts of the training split; the test split is not looked at. Runs nothing itself.</summary>
public sealed record TuningPlan
{
    private readonly TrialSpec spec;
    private readonly IReadOnlyList<Candidate> candidates;
    private readonly ResamplingOptions resampling;
    private readonly Folds folds;
    private readonly Labels labels;
    private readonly IReadOnlyList<string> labelNames, metrics;

    /// <summary>Plans the choice.</summary>
    /// <param name="spec">What all candidates share.</param>
    /// <param name="candidates">At least one; the first wins a tie.</param>
    /// <param name="resampling">How the training split (its sample, its outer fold) is cut.</param>
    /// <param name="data">The dataset the spec names, as the runner loads it.</param>
    /// <exception cref="MedTransferException">There is nothing to choose from, or there are too few images for so many folds.</exception>
    public TuningPlan(TrialSpec spec, IReadOnlyList<Candidate> candidates, ResamplingOptions resampling, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (candidates.Count == 0)
            throw new MedTransferException("There are no candidates to choose from: give one at least.") { IsUsage = true };
        (this.spec, this.candidates, this.resampling) = (spec, candidates, resampling);
        using var drawn = spec.Target.Draw(data);
        (labels, labelNames, metrics) = (drawn.Train.Labels, drawn.Info.LabelNames, spec.Objective.MetricsOn(drawn.Info));
        folds = new Folds(drawn.Train, resampling, labelNames);
    }

    /// <summary>The metric that candidates are compared by (<see cref="Metric"/>); default the ROC AUC.</summary>
    public string Score { get; init; } = Metric.RocAuc;

    /// <summary>Every candidate on every fold: to be run before <see cref="Choose"/>.</summary>
    /// <exception cref="MedTransferException">A fold can't be made, or holds out images on which <see cref="Score"/> is undefined.</exception>
    public IReadOnlyList<Trial> Trials
    {
        get
        {
            RequireScores();
            return [.. candidates.SelectMany(TrialsOf)];
        }
    }

    /// <summary>The table, and the choice it makes.</summary>
    /// <param name="results">Those of <see cref="Trials"/>, in any order, others among them.</param>
    /// <exception cref="MedTransferException">One is missing, or its score is undefined.</exception>
    public TuningResult Choose(IEnumerable<TrialResult> results)
    {
        var finished = new FinishedTrials(results);
        return new([.. candidates.Select(candidate => new CandidateScore(candidate, [.. TrialsOf(candidate).Select(trial => finished.HeldOut(Score, trial))]))], Score);
    }

    /// <summary>The candidate trained on all that was cut: what is used, or tested, after the choice.</summary>
    public Trial Refit(Candidate candidate) => new(candidate.Apply(spec), candidate.Label);

    private IEnumerable<Trial> TrialsOf(Candidate candidate) => Enumerable.Range(0, folds.Count).Select(fold =>
        new Trial(candidate.Apply(spec.On(spec.Target.WithFold(resampling, fold))), $"{candidate.Label}, fold {fold + 1} of {folds.Count}"));

    // said before the hours of training, not after
    private void RequireScores()
    {
        if (!metrics.Contains(Score))
            throw new MedTransferException($"Candidates can't be compared by {Score}, which is not reported: compare by one of {string.Join(", ", metrics)}.") { IsUsage = true };
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var heldOut = folds[fold].HeldOut;
            if (Score == Metric.Accuracy || LearningTask.HasContrast(labels.Rows(heldOut)))
                continue;
            var alike = labels.Columns == 1 ? $"all of {OneLine.Class(labelNames[labels[heldOut[0], 0]])}" : "all with the same findings";
            throw new MedTransferException($"{Metric.InWords(Score)} is undefined on fold {fold}, which holds out {heldOut.Count} {(heldOut.Count == 1 ? "image" : "images")}, {alike}: ask for fewer folds (--folds), take more images (--target-size), or compare by accuracy (--resampling leaveoneout).") { IsUsage = true };
        }
    }
}
