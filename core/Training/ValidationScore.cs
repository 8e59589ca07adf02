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
