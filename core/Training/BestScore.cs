using MedTransfer.Evaluation;

namespace MedTransfer.Training;

/// <summary>
/// The one notion of "better": a value that beats the best before it by more than a margin, the loss and squared errors from above, every
/// other metric from below; of equals the earlier is the better.
/// </summary>
/// <param name="metric">One that the objective reports, or the loss.</param>
internal sealed class BestScore(string metric, double margin = 0)
{
    private double? best;

    /// <summary>Whether this epoch beats all that were asked about before.</summary>
    /// <exception cref="MedTransferException">The validation split does not define the metric.</exception>
    public bool Improves(EpochRecord record)
    {
        var value = Worth(record);
        if (value - best <= margin)
            return false;
        best = value;
        return true;
    }

    /// <summary>What an epoch is worth: the metric, an error with its sign turned round, so that more is better.</summary>
    /// <exception cref="MedTransferException">The validation split does not define the metric.</exception>
    public double Worth(EpochRecord record) => Metric.IsError(metric) ? -Of(record) : Of(record);

    private double Of(EpochRecord record) => record.ValidationLoss is not { } loss ? throw new MedTransferException(
        "The best epoch can't be told, as there are no validation images: keep the last epoch, or make a validation split.")
        : metric == Metric.Loss ? loss : record.Validation[metric] ?? throw new MedTransferException(
        $"The best epoch can't be told: {(record.Validation.Count == 0 ? "nothing is predicted" : record.Validation.Has(metric) ? "no label of the validation split has both classes" : "nothing reports it")}, "
        + $"so there is no {Metric.InWords(metric)}. Go by the validation loss, or keep the last epoch.");
}
