using MedTransfer.Training;

namespace MedTransfer.Trials;

/// <summary>How far a run is.</summary>
/// <param name="Trial">The trial that is running.</param>
/// <param name="Number">Its place among all that were asked for, from 1.</param>
/// <param name="Of">How many were asked for.</param>
/// <param name="Epoch">The epoch that just ended; null as the trial starts.</param>
/// <param name="WasDone">Whether it was found finished and is not run again.</param>
public sealed record TrialProgress(Trial Trial, int Number, int Of, EpochRecord? Epoch, bool WasDone);
