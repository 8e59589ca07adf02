using MedTransfer.Training;

namespace MedTransfer.Trials;

/// <summary>One thing that happened to one of the trials of a run; several may be running at a time.</summary>
/// <param name="Ended">How many are over, done or not, this one counted.</param>
/// <param name="Of">How many were asked for.</param>
/// <param name="Epoch">The epoch that just ended; null at every other stage.</param>
/// <param name="Error">Why it failed; null at every other stage.</param>
/// <param name="Seconds">How long it took, where that is not the time since it started by this run's word: it ran elsewhere, and was seen done some time later. Null at every other stage.</param>
public sealed record TrialProgress(Trial Trial, TrialStage Stage, int Ended, int Of, EpochRecord? Epoch = null, string? Error = null, double? Seconds = null);

/// <summary>How far a trial is.</summary>
public enum TrialStage
{
    /// <summary>It was done before this run and is not run again.</summary>
    Found,

    /// <summary>It runs.</summary>
    Started,

    /// <summary>One of its epochs ended.</summary>
    Trained,

    /// <summary>Its folder has every artefact.</summary>
    Done,

    /// <summary>It ended without a result.</summary>
    Failed,

    /// <summary>It can't run, because a trial that it needs failed.</summary>
    LeftOut,
}
