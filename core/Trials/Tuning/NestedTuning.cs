using MedTransfer.Data;
using MedTransfer.Data.Resampling;

namespace MedTransfer.Trials.Tuning;

/// <summary>
/// Nested cross-validation (Varma and Simon 2006): each outer fold chooses by folds of its training part alone and is then scored on what it
/// held out, so that the estimate is of choosing and training together. Three stages: run <see cref="Trials"/>, <see cref="Choose"/>, run
/// the choice's trials, <see cref="NestedChoice.Estimate"/>.
/// </summary>
public sealed record NestedTuning
{
    private readonly IReadOnlyList<TuningPlan> plans;
    private readonly TuningScore score;

    /// <summary>Plans the estimate; as for <see cref="TuningPlan"/>.</summary>
    /// <param name="outer">Cuts what is chosen and trained on from what that is scored on.</param>
    /// <param name="inner">Cuts each outer training part, for the choice.</param>
    public NestedTuning(
        TrialSpec spec, IReadOnlyList<Candidate> candidates, ResamplingOptions outer, ResamplingOptions inner, Dataset data, TuningScore score = TuningScore.RocAuc)
    {
        ArgumentNullException.ThrowIfNull(spec);
        this.score = score;
        using var drawn = spec.Data.Draw(data);
        plans =
        [
            .. Enumerable.Range(0, new Folds(drawn.Train, outer, drawn.Info.LabelNames).Count)
                .Select(fold => new TuningPlan(spec with { Data = spec.Data.WithFold(outer, fold) }, candidates, inner, data) { Score = score }),
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
