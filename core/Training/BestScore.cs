namespace MedTransfer.Training;

/// <summary>What tells a better epoch from a worse one, on the validation split.</summary>
public enum ValidationScore
{
    /// <summary>The mean loss: lower is better. The only one where nothing is predicted.</summary>
    Loss,

    /// <summary>Share of right answers.</summary>
    Accuracy,

    /// <summary>Mean share of right answers over the classes.</summary>
    BalancedAccuracy,

    /// <summary>Area under the ROC curve.</summary>
    RocAuc,
}

/// <summary>The one notion of "better": a score that beats the best before it by more than a margin; of equals the earlier is the better.</summary>
internal sealed class BestScore(ValidationScore score, double margin = 0)
{
    private double? best;

    /// <summary>Whether this epoch beats all that were asked about before.</summary>
    /// <exception cref="MedTransferException">The validation split does not define the score.</exception>
    public bool Improves(EpochRecord record)
    {
        var value = score == ValidationScore.Loss ? -record.ValidationLoss : Of(record);
        if (value - best <= margin)
            return false;
        best = value;
        return true;
    }

    private double Of(EpochRecord record)
    {
        var (value, name) = score switch
        {
            ValidationScore.Accuracy => (record.ValidationAccuracy, "accuracy"),
            ValidationScore.BalancedAccuracy => (record.ValidationBalancedAccuracy, "balanced accuracy"),
            ValidationScore.RocAuc => (record.ValidationAuc, "AUC"),
            _ => throw new InvalidOperationException($"There is no score {score}."),
        };
        var reason = record.ValidationAccuracy is null ? "nothing is predicted" : "no label of the validation split has both classes";
        return value ?? throw new MedTransferException(
            $"The best epoch can't be told: {reason}, so there is no {name}. Go by the validation loss, or keep the last epoch.");
    }
}
