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
