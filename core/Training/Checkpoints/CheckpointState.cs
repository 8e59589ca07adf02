using MedTransfer.Models.Weights;

namespace MedTransfer.Training.Checkpoints;

/// <summary>A training between two steps, as it is written and read: what did not change since the writing before is left out of what is written.</summary>
/// <param name="Frozen">Weights and buffers that stay in the phase; null for those written before.</param>
/// <param name="Trained">The others.</param>
/// <param name="Kept">The copy of the best epoch's, but for what is frozen; null for that written before, empty where there is none.</param>
/// <param name="Moments">Adam's.</param>
/// <param name="Epoch">What is behind of an epoch that is not over; empty between epochs.</param>
internal sealed record CheckpointState(
    IReadOnlyDictionary<string, SafeTensor>? Frozen,
    IReadOnlyDictionary<string, SafeTensor> Trained,
    IReadOnlyDictionary<string, SafeTensor>? Kept,
    IReadOnlyDictionary<string, SafeTensor> Moments,
    IReadOnlyDictionary<string, SafeTensor> Epoch,
    CheckpointProgress Progress)
{
    /// <summary>Names of Adam's two.</summary>
    public const string FirstMoment = "first", SecondMoment = "second";

    /// <summary>Names of what is behind of an epoch: what its batches reported, and the state of the generator that dropout and the like draw from.</summary>
    public const string Reported = "reported", Generator = "generator";
}

/// <summary>How far a training was: of patience and of the best score, the history tells.</summary>
/// <param name="Steps">Adam's.</param>
/// <param name="Seconds">Wall time of the optimisation.</param>
internal sealed record CheckpointProgress(long Steps, double Seconds, IReadOnlyList<EpochRecord> History);
