using MedTransfer.Evaluation;
using MedTransfer.Tests.Models;
using MedTransfer.Training;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class EarlyStoppingTests
{
    private static readonly double[] Losses = [.9, .5, .6, .5, .49, .7, .8, .3];

    [Theory]
    [InlineData(2, 0, 4, 2)]     // 3 and 4 are no better than 2: an equal score is not
    [InlineData(3, 0, 8, 8)]     // 5 is, and 8 is
    [InlineData(3, .05, 5, 2)]   // 5 is better by too little
    [InlineData(99, 0, 8, 8)]    // patience never runs out
    public void Training_ends_when_patience_does(int patience, double change, int epochs, int kept)
    {
        using var learner = new ScriptedLearner(Losses);

        var fit = Fit(learner, new() { EarlyStopping = new() { Patience = patience, MinChange = change } });

        Assert.Equal((epochs, kept), (fit.History.Count, fit.KeptEpoch));
    }

    [Fact]
    public void Best_weights_come_back_even_if_patience_never_runs_out()
    {
        using var learner = new ScriptedLearner([.9, .5, .6, .7, .8, .5, .6, .7]);

        var fit = Fit(learner, new() { EarlyStopping = new() { Patience = 100 } });

        Assert.Equal(8, fit.History.Count);
        Assert.Equal(8, learner.Bits.Distinct().Count());
        Assert.Equal(learner.Bits[1], learner.Model.Bits());
    }

    // The best of all epochs is 2, of the candidates 3, 6, ... it is 6; the last is a candidate too.
    [Theory]
    [InlineData(8, 6)]
    [InlineData(7, 7)]
    public void Only_every_so_many_epochs_and_the_last_are_candidates(int epochs, int kept)
    {
        using var learner = new ScriptedLearner([.9, .1, .6, .7, .8, .5, .4, .7]);

        var fit = Fit(learner, new() { Epochs = epochs, EarlyStopping = new() { Patience = 100 }, CheckpointEvery = 3 });

        Assert.Equal(kept, fit.KeptEpoch);
        Assert.Equal(learner.Bits[kept - 1], learner.Model.Bits());
    }

    [Fact]
    public void Epoch_in_which_patience_ends_is_a_candidate()
    {
        using var learner = new ScriptedLearner([.5, .6, .7]);

        var fit = Fit(learner, new() { EarlyStopping = new() { Patience = 2 }, CheckpointEvery = 10 });

        Assert.Equal((3, 3), (fit.History.Count, fit.KeptEpoch));
    }

    [Fact]
    public void Best_epoch_can_be_kept_without_stopping_by_any_score()
    {
        using var learner = new ScriptedLearner([.9, .5, .6, .7]);

        var fit = Fit(learner, new() { Epochs = 4, Keep = KeptEpoch.Best, KeptBy = Metric.Loss });

        Assert.Equal((4, 2), (fit.History.Count, fit.KeptEpoch));
        Assert.Equal(learner.Bits[1], learner.Model.Bits());
    }

    [Fact]
    public void Validation_loss_that_is_no_number_is_an_error()
    {
        using var learner = new ScriptedLearner([.9, double.NaN]);

        var error = Assert.Throws<MedTransferException>(() => Fit(learner, new()));

        Assert.Contains("after epoch 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Metric.Loss, 2)]
    [InlineData(Metric.Accuracy, 3)]
    [InlineData(Metric.BalancedAccuracy, 4)]
    [InlineData(Metric.RocAuc, 5)]
    public void Score_that_is_asked_for_decides(string metric, int best)
    {
        double Of(int epoch, int peak) => epoch == peak ? .9 : .5;
        var improved = new BestScore(metric);

        var epochs = Enumerable.Range(1, 6).Where(epoch => improved.Improves(new(epoch, .1, 1, 1 - Of(epoch, 2), new([new(Metric.Accuracy, Of(epoch, 3)), new(Metric.BalancedAccuracy, Of(epoch, 4)), new(Metric.RocAuc, Of(epoch, 5))]))));

        Assert.Equal([1, best], epochs);
    }

    [Theory]
    [InlineData(Metric.Accuracy, null, "nothing is predicted, so there is no accuracy")]
    [InlineData(Metric.BalancedAccuracy, null, "nothing is predicted, so there is no balanced accuracy")]
    [InlineData(Metric.BalancedAccuracy, 1.0, "no label of the validation split has both classes, so there is no balanced accuracy")]
    [InlineData(Metric.RocAuc, 1.0, "no label of the validation split has both classes, so there is no ROC AUC")]
    public void Score_that_does_not_exist_is_an_error_that_says_why(string metric, double? accuracy, string why)
    {
        var error = Assert.Throws<MedTransferException>(() => new BestScore(metric).Improves(new(1, .1, 1, 1, accuracy is null ? MetricValues.None : new([new(Metric.Accuracy, accuracy), new(Metric.BalancedAccuracy, null), new(Metric.RocAuc, null)]))));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static FitResult Fit(ScriptedLearner learner, FitOptions options) =>
        new Trainer(options with { Epochs = Math.Min(options.Epochs, 8), BatchSize = 8 }, 1).Fit(learner, cancellation: TestContext.Current.CancellationToken);
}
