using MedTransfer.Evaluation;

namespace MedTransfer.Training;

/// <summary>How a training went; the model itself holds the kept weights.</summary>
/// <param name="History">One record an epoch.</param>
/// <param name="KeptEpoch">The epoch whose weights the model holds, from 1.</param>
/// <param name="Seconds">Wall time of the optimisation alone, with the embeddings it trains on and without validation.</param>
public sealed record FitResult(IReadOnlyList<EpochRecord> History, int KeptEpoch, double Seconds)
{
    /// <summary>The same, epoch by epoch, of those since the training last began or went on; of logistic regression all of it.</summary>
    public IReadOnlyList<double> EpochSeconds { get; init; } = [];

    /// <summary>The penalty of a logistic regression that chose it; else null.</summary>
    public ChosenPenalty? Penalty { get; init; }

    /// <summary>Of how many source images of equal weight the weighted ones are worth; null where none were weighted.</summary>
    public double? EffectiveSource { get; init; }
}

/// <summary>What one pass over the training images gave.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">The step size of the epoch's last step; null for logistic regression.</param>
/// <param name="TrainLoss">Mean loss over the epoch's batches, each at the step it was used and by the number of its images, without what a regulariser or a term of alignment adds.</param>
/// <param name="ValidationLoss">Mean loss over the validation images after the epoch; null where there are none.</param>
/// <param name="Validation">The metrics that the objective reports of them; none where there are none, but that an objective may then report of training images (of two views: how far embeddings have collapsed).</param>
public sealed record EpochRecord(int Epoch, double? LearningRate, double TrainLoss, double? ValidationLoss, MetricValues Validation)
{
    /// <summary>What the objective reports of the epoch's batches besides, means as that of the loss: what a term of alignment adds to it, how well domains are told apart; none of most.</summary>
    public MetricValues Training { get; init; } = MetricValues.None;
}

/// <summary>What the validation images say of a model after an epoch.</summary>
/// <param name="Loss">Mean loss over the images; null where there are none, and others are reported of.</param>
/// <param name="Metrics">What else is reported; none where nothing is predicted.</param>
public sealed record Validation(double? Loss, MetricValues Metrics);
