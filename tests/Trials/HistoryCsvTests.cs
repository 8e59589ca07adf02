using MedTransfer.Evaluation;
using MedTransfer.Training;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

public sealed class HistoryCsvTests
{
    private static readonly EpochRecord[] History =
    [
        new(1, 0.001, 0.5, 0.25, new([new(Metric.BalancedAccuracy, 0.1), new(Metric.RocAuc, null), new("f1", 1 / 3.0), new("psnrOfMeanMse", 12)])),
        new(2, null, 0.1, 1e-20, new([new(Metric.BalancedAccuracy, 1), new(Metric.RocAuc, 0.5), new("f1", null), new("psnrOfMeanMse", -3)])),
    ];

    [Fact]
    public void Every_metric_that_is_reported_has_its_column() => Assert.Equal(
        "epoch,learning_rate,train_loss,validation_loss,validation_balanced_accuracy,validation_roc_auc,validation_f1,validation_psnr_of_mean_mse\n"
            + "1,0.001,0.5,0.25,0.1,,0.3333333333333333,12\n2,,0.1,1E-20,1,0.5,,-3\n",
        HistoryCsv.Format(History));

    [Fact]
    public void What_was_written_is_read_back() => Assert.Equal(History, HistoryCsv.Parse(HistoryCsv.Format(History)));

    [Fact]
    public void Losses_alone_are_a_history_too()
    {
        EpochRecord[] losses = [new(1, 0.001, 0.5, 0.25, MetricValues.None)];

        Assert.Equal("epoch,learning_rate,train_loss,validation_loss\n1,0.001,0.5,0.25\n", HistoryCsv.Format(losses));
        Assert.Equal(losses, HistoryCsv.Parse(HistoryCsv.Format(losses)));
    }

    [Fact]
    public void What_training_batches_report_follows_validation()
    {
        EpochRecord[] history = [new(1, 0.001, 0.5, 0.25, new([new(Metric.RocAuc, 0.75)])) { Training = new([new(Metric.TermLoss, 0.125), new(Metric.DomainAccuracy, 0.5)]) }];

        Assert.Equal("epoch,learning_rate,train_loss,validation_loss,validation_roc_auc,train_term_loss,train_domain_accuracy\n1,0.001,0.5,0.25,0.75,0.125,0.5\n", HistoryCsv.Format(history));
        Assert.Equal(history, HistoryCsv.Parse(HistoryCsv.Format(history)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("epoch,learning_rate\n1,2\n")]
    [InlineData("epoch,learning_rate,train_loss,validation_loss,roc_auc\n1,2,3,4,5\n")]
    [InlineData("epoch,learning_rate,train_loss,validation_loss,validation_f1\n1,2,3,4\n")]
    [InlineData("epoch,learning_rate,train_loss,validation_loss\none,2,3,4\n")]
    public void What_is_no_history_is_refused(string text) => Assert.Throws<FormatException>(() => HistoryCsv.Parse(text));

    [Theory]
    [InlineData(Metric.BalancedAccuracy, "balanced accuracy")]
    [InlineData(Metric.RocAuc, "ROC AUC")]
    [InlineData(Metric.F1, "F1")]
    [InlineData(Metric.BrierScore, "Brier score")]
    public void Names_have_words(string name, string words) => Assert.Equal(words, Metric.InWords(name));
}
