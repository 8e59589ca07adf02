using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Trials.Tuning;

/// <summary>
/// Nested cross-validation (Varma and Simon 2006): each outer fold chooses by folds of its training part alone and is then scored on what it
/// held out, so that the estimate is of choosing and training together. Three stages: run <see cref="Trials"/>, <see cref="Choose"/>, run
/// the choice's trials, <see cref="NestedChoice.Estimate"/>.
/// </summary>
public sealed record NestedTuning
{
    private readonly IReadOnlyList<TuningPlan> plans;
    private readonly string score;

    /// <summary>Plans the estimate; as for <see cref="TuningPlan"/>.</summary>
    /// <param name="outer">Cuts what is chosen and trained on from what that is scored on.</param>
    /// <param name="inner">Cuts each outer training part, for the choice.</param>
    public NestedTuning(
        TrialSpec spec, IReadOnlyList<Candidate> candidates, ResamplingOptions outer, ResamplingOptions inner, Dataset data, string score = Metric.RocAuc)
    {
        ArgumentNullException.ThrowIfNull(spec);
        this.score = score;
        using var drawn = spec.Target.Draw(data);
        plans =
        [
            .. Enumerable.Range(0, new Folds(drawn.Train, outer, drawn.Info.LabelNames).Count)
                .Select(fold => new TuningPlan(spec.On(spec.Target.WithFold(outer, fold)), candidates, inner, data) { Score = score }),
        ];
    }

    /// <summary>Every candidate on every inner fold of every outer one.</summary>
    public IReadOnlyList<Trial> Trials => [.. plans.SelectMany((plan, fold) => plan.Trials.Select(trial => new Trial(trial.Spec, $"{Place(fold)}: {trial.Label}")))];

    /// <summary>The choice of each outer fold.</summary>
    /// <param name="results">Those of <see cref="Trials"/>, in any order.</param>
    /// <exception cref="MedTransferException">One is missing, or its score is undefined.</exception>
    public NestedChoice Choose(IReadOnlyList<TrialResult> results)
    {
        var choices = plans.Select(plan => plan.Choose(results)).ToList();
        var refits = plans.Zip(choices, (plan, choice) => plan.Refit(choice.Chosen.Candidate)).Select((trial, fold) => new Trial(trial.Spec, $"{Place(fold)}: {trial.Label}"));
        return new(choices, [.. refits], score);
    }

    private string Place(int fold) => $"outer fold {fold + 1} of {plans.Count}";
}

/// <summary>What each outer fold chose.</summary>
/// <param name="Choices">The inner table and choice of each outer fold.</param>
/// <param name="Trials">Each choice trained on its outer fold's training part: to be run before <see cref="Estimate"/>.</param>
/// <param name="Score">What was chosen by, and is estimated.</param>
public sealed record NestedChoice(IReadOnlyList<TuningResult> Choices, IReadOnlyList<Trial> Trials, string Score)
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
