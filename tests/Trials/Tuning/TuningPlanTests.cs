using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Classification;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Tuning;

namespace MedTransfer.Tests.Trials.Tuning;

[Collection(OneAtATime.Name)]
public sealed class TuningPlanTests : IDisposable
{
    private static readonly ResamplingOptions Halves = new() { Folds = 2 };
    private static readonly IReadOnlyList<Candidate> Rates = new SearchSpace(Hyperparameter.LearningRate(SearchValues.Of(1e-6, 3e-3, 2e-3))).Grid();
    private readonly SquaresTrials data = new();
    private readonly Dataset dataset;

    public TuningPlanTests() => dataset = data.Source.Load();

    public void Dispose()
    {
        dataset.Dispose();
        data.Dispose();
    }

    [Fact]
    public void Every_candidate_is_on_every_fold()
    {
        var trials = Plan(Rates).Trials;

        Assert.Equal(6, trials.Select(trial => trial.Name).Distinct().Count());
        Assert.Equal("learning rate 0.003, fold 2 of 2", trials[3].Label);
        Assert.Equal((3e-3, 1), (trials[3].Spec.Fit.LearningRate, trials[3].Spec.Target.Folds[0].Index));
    }

    [Fact]
    public void Highest_mean_is_chosen_and_of_equal_ones_the_first()
    {
        var plan = Plan(Rates);
        double[] aucs = [0.5, 0.9, 0.75, 0.875, 0.875, 0.75];

        var result = plan.Choose(plan.Trials.Zip(aucs, (trial, auc) => Finished(trial, auc)).Reverse());

        Assert.Equal([0.7, 0.8125, 0.8125], result.Candidates.Select(candidate => Math.Round(candidate.Summary.Mean, 12)));
        Assert.Equal([0.75, 0.875], result.Chosen.Folds);
        Assert.Equal("learning rate 0.003", result.Chosen.Candidate.Label);
        Assert.Equal(2, result.Chosen.Summary.Count);
    }

    [Theory]
    [InlineData(Metric.RocAuc, 0.5)]
    [InlineData(Metric.Accuracy, 0.25)]
    [InlineData(Metric.BalancedAccuracy, 0.125)]
    public void Score_is_the_one_asked_for(string score, double expected)
    {
        var plan = Plan(Rates) with { Score = score };

        Assert.Equal(expected, plan.Choose(plan.Trials.Select(trial => Finished(trial, 0.5))).Chosen.Summary.Mean);
    }

    [Fact]
    public void Undefined_score_and_missing_trial_are_named()
    {
        var plan = Plan(Rates);

        var undefined = Assert.Throws<MedTransferException>(() => plan.Choose(plan.Trials.Select(trial => Finished(trial, null))));
        var missing = Assert.Throws<MedTransferException>(() => plan.Choose(plan.Trials.Skip(1).Select(trial => Finished(trial, 0.5))));

        Assert.Contains("ROC AUC is undefined for 'learning rate 1E-06, fold 1 of 2'", undefined.Message, StringComparison.Ordinal);
        Assert.Contains("tune by accuracy", undefined.Message, StringComparison.Ordinal);
        Assert.Contains(plan.Trials[0].Name, missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fold_without_a_score_is_said_before_anything_trains()
    {
        var alone = new ResamplingOptions { Scheme = ResamplingScheme.LeaveOneOut };
        var plan = new TuningPlan(data.Spec, Rates, alone, dataset);

        var error = Assert.Throws<MedTransferException>(() => plan.Trials);

        Assert.Contains("ROC AUC is undefined on fold 0, which holds out 1 image, all of class ", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsUsage);
        Assert.Equal(3 * 40, (plan with { Score = Metric.Accuracy }).Trials.Count);
    }

    [Fact]
    public void Too_many_folds_and_no_candidates_are_said_when_planned()
    {
        Assert.Contains("too few for 41 folds", Assert.Throws<MedTransferException>(() => new TuningPlan(data.Spec, Rates, new() { Folds = 41 }, dataset)).Message, StringComparison.Ordinal);
        Assert.Contains("no candidates", Assert.Throws<MedTransferException>(() => Plan([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learning_rate_that_learns_is_chosen_and_trained_on_everything()
    {
        var plan = Plan(Rates);

        var chosen = plan.Choose(data.Run(plan.Trials)).Chosen;
        var refit = data.Run(plan.Refit(chosen.Candidate))[0];

        Assert.NotEqual("learning rate 1E-06", chosen.Candidate.Label);
        Assert.Equal((40, 20), (refit.Metrics.Scores(SplitName.Train).Images, refit.Metrics.Scores(SplitName.Test).Images));
        Assert.Equal(data.Spec.Target, refit.Trial.Spec.Target);
    }

    [Fact]
    public void Nested_tuning_chooses_within_each_outer_fold_and_is_scored_outside_it()
    {
        var nested = Nested();

        var choice = nested.Choose(data.Run(nested.Trials));
        var refits = data.Run(choice.Trials);
        var estimate = choice.Estimate(refits);

        Assert.Equal(2 * 3 * 2, nested.Trials.Count);
        Assert.Equal(refits.Select(refit => refit.Metrics.Scores(SplitName.Test).RocAuc), estimate.Folds.Select(fold => (double?)fold.Outer));
        var heldOut = refits.Select(refit => refit.Predictions(SplitName.Test).FileIndices!).ToList();
        Assert.Equal(Enumerable.Range(0, 40), heldOut.SelectMany(images => images).Order());
        for (var outer = 0; outer < 2; outer++)
        {
            // no trial that took part in a choice saw what the choice is scored on
            foreach (var inner in data.Run(nested.Trials.Skip(6 * outer).Take(6)))
                Assert.Empty(heldOut[outer].Intersect(inner.Predictions(SplitName.Train).FileIndices!.Concat(inner.Predictions(SplitName.Test).FileIndices!)));
        }
    }

    [Fact]
    public void Nested_estimate_stands_beside_the_optimistic_one()
    {
        var nested = Nested();
        // inner means: the third candidate's .9 in the first outer fold, the second's .8 in the other
        double[] inner = [0.5, 0.5, 0.6, 0.6, 0.9, 0.9, 0.5, 0.5, 0.8, 0.8, 0.7, 0.7];

        var choice = nested.Choose([.. nested.Trials.Zip(inner, (trial, auc) => Finished(trial, auc))]);
        var estimate = choice.Estimate(choice.Trials.Zip([0.75, 0.5], (trial, auc) => Finished(trial, auc)));

        Assert.Equal(["outer fold 1 of 2: learning rate 0.002", "outer fold 2 of 2: learning rate 0.003"], choice.Trials.Select(trial => trial.Label));
        Assert.Equal([0.9, 0.8], estimate.Folds.Select(fold => fold.Inner));
        Assert.Equal((2, 0.625), (estimate.Outer.Count, estimate.Outer.Mean));
        Assert.Equal(0.85 - 0.625, estimate.Optimism, 1e-12);
    }

    private TuningPlan Plan(IReadOnlyList<Candidate> candidates) => new(data.Spec, candidates, Halves, dataset);

    private NestedTuning Nested() => new(data.Spec, Rates, Halves with { Seed = 1 }, Halves, dataset);

    private TrialResult Finished(Trial trial, double? auc)
    {
        Scores Of(double accuracy, double balanced, double? rocAuc) =>
            new() { Images = 20, Values = new([new(Metric.Accuracy, accuracy), new(Metric.BalancedAccuracy, balanced), new(Metric.RocAuc, rocAuc)]) };
        var split = new SplitMetrics(1, Of(0.25, 0.125, auc));
        // neither what it learned from nor validation may stand for what a fold held out
        var other = split with { Scores = Of(0.75, 0.875, 1 - auc / 2) };
        return new(
            trial,
            new TrialFolder(data.Runs, trial.Name),
            new() { Train = other, Validation = other, Test = split, Task = LabelTask.BinaryClass, WeightsDigest = "", Epochs = 1, KeptEpoch = 1, Parameters = 1, TrainableParameters = 1, Transferred = [], NotTransferred = [] },
            TrialEnvironment.Now(trial.Spec, data.Source, 0, 0),
            []);
    }
}
