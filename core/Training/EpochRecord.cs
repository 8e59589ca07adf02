namespace MedTransfer.Training;

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
