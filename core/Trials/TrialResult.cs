using MedTransfer.Training;

namespace MedTransfer.Trials;

/// <summary>A finished trial, read from its folder.</summary>
/// <param name="Folder">Where its artefacts are.</param>
/// <param name="History">One record an epoch.</param>
public sealed record TrialResult(
    Trial Trial, string Folder, TrialMetrics Metrics, TrialEnvironment Environment, IReadOnlyList<EpochRecord> History);
