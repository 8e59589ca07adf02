using MedTransfer.Evaluation;

namespace MedTransfer.Trials.Tuning;

/// <summary>What candidates are compared by; more is better.</summary>
public enum TuningScore
{
    /// <summary>See <see cref="Scores.RocAuc"/>.</summary>
    RocAuc,

    /// <summary>See <see cref="Scores.Accuracy"/>.</summary>
    Accuracy,

    /// <summary>See <see cref="Scores.BalancedAccuracy"/>.</summary>
    BalancedAccuracy,
}
