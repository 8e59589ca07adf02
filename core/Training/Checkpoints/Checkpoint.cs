using System.Globalization;

namespace MedTransfer.Training.Checkpoints;

/// <summary>
/// The state of a training in a folder of its own while it runs, so that one that was stopped, or killed, goes on to the same bits. Three ideas of Check-N-Run (Eisenman et al., "Check-N-Run: a
/// checkpointing system for training deep learning recommendation models", NSDI 2022): a copy is taken between two steps and written by a thread beside the training; what is frozen is written once;
/// Adam's moments may be written in eight bits. Its chains of differences gain nothing here: of its embedding tables a step changes the rows that it reads, of a CNN every weight that trains.
/// The copy takes as much memory as the weights that train and their moments.
/// </summary>
/// <param name="folder">Made when it is needed; belongs to one training of one spec.</param>
public sealed class Checkpoint(string folder)
{
    /// <summary>Environment variable that sets the interval of trials, in seconds, 0 to 86,400; at 0 a copy is taken between any two steps.</summary>
    public const string IntervalVariable = "MEDTRANSFER_CHECKPOINT_SECONDS";

    private static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(60), LongestInterval = TimeSpan.FromDays(1);

    /// <summary>
    /// From the copy for one writing to that for the next, at least; default 60 seconds. The first is taken after the first epoch, or so long after the training began, whichever comes first, those after
    /// it between any two steps. Where a writing takes longer, training waits for it. On a GPU, whose generator's state TorchSharp does not tell, copies are taken between epochs alone.
    /// </summary>
    public TimeSpan Interval { get; init; } = UsualInterval;

    /// <summary>How Adam's moments are written; default to the bit.</summary>
    public MomentPrecision Moments { get; init; } = MomentPrecision.Exact;

    /// <summary>Cancelled when the folder has become another training's: from then on nothing is written to it. Default never.</summary>
    public CancellationToken Lost { get; init; }

    /// <summary>The interval that <see cref="IntervalVariable"/> sets, or the default.</summary>
    /// <exception cref="MedTransferException">It is set to something else.</exception>
    public static TimeSpan IntervalOfTrials()
    {
        if (Environment.GetEnvironmentVariable(IntervalVariable) is not { Length: > 0 } text)
            return UsualInterval;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0 && seconds <= LongestInterval.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new MedTransferException($"{IntervalVariable} is '{text}', but must be a number of seconds, 0 to 86400: set it so, or unset it.") { IsUsage = true };
    }

    /// <summary>How far the state is that was written last: epochs that ended, and steps of its phase; null where there is none.</summary>
    internal (int Epochs, long Steps)? Position => new CheckpointFolder(folder).Position();

    /// <summary>Removes the folder and what is in it.</summary>
    public void Delete()
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A checkpoint that stays behind does no harm.
        }
    }

    /// <summary>Puts the training where the folder says that it was, and keeps the folder up with it; to be disposed of before the state is.</summary>
    internal CheckpointSession Begin(TrainingState state)
    {
        var session = new CheckpointSession(new CheckpointFolder(folder), Interval, Moments, Lost);
        session.Restore(state);
        return session;
    }
}

/// <summary>How Adam's moments are written.</summary>
public enum MomentPrecision
{
    /// <summary>To the bit, four bytes a number: a training that goes on has the bits of one that was never stopped.</summary>
    Exact,

    /// <summary>One byte a number and four a block of 2,048 (<see cref="BlockwiseQuantisation"/>): a training that goes on has other bits than one that was never stopped.</summary>
    EightBit,
}
