using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Training;

/// <summary>How a training went; the model itself holds the kept weights.</summary>
/// <param name="History">One record an epoch.</param>
/// <param name="KeptEpoch">The epoch whose weights the model holds, from 1.</param>
/// <param name="Seconds">Wall time of the optimisation alone, with the embeddings it trains on and without validation.</param>
public sealed record FitResult(IReadOnlyList<EpochRecord> History, int KeptEpoch, double Seconds)
{
    /// <summary>The same, epoch by epoch, of those since the training last began or went on; of the convex solver all of it.</summary>
    public IReadOnlyList<double> EpochSeconds { get; init; } = [];
}

/// <summary>What one pass over the training images gave.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">The step size of the epoch's last step; null for the convex solver.</param>
/// <param name="TrainLoss">Mean loss over the epoch's images, each at the step it was used.</param>
/// <param name="ValidationLoss">Mean loss over the validation images after the epoch.</param>
/// <param name="ValidationAccuracy">0 to 1; null where nothing is predicted.</param>
/// <param name="ValidationBalancedAccuracy">0 to 1; null where no label has both classes.</param>
/// <param name="ValidationAuc">0 to 1; null where no label has both classes.</param>
public sealed record EpochRecord(
    int Epoch,
    double? LearningRate,
    double TrainLoss,
    double ValidationLoss,
    double? ValidationAccuracy,
    double? ValidationBalancedAccuracy,
    double? ValidationAuc);

/// <summary>What the validation images say of a model after an epoch.</summary>
/// <param name="Loss">Mean loss over the images.</param>
/// <param name="Scores">Scores of the predictions; null where nothing is predicted.</param>
public sealed record Validation(double Loss, Scores? Scores);
