namespace MedTransfer.Training;

/// <summary>How a model is trained.</summary>
public sealed record FitOptions
{
    /// <summary>Default Adam.</summary>
    public Solver Solver { get; init; } = Solver.Adam;

    /// <summary>Passes over the training images, at least 1; default 20. Not used by the convex solver.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images a step, at least 1; default 64. The last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Adam's step size, above 0; default 0.001.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Default the last epoch.</summary>
    public KeptEpoch Keep { get; init; } = KeptEpoch.Last;

    /// <summary>Random changes of the training images; default null, none.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>What is done about classes of unequal size; default nothing.</summary>
    public ClassBalance Balance { get; init; } = ClassBalance.None;

    /// <summary>
    /// Strength C of the convex solver's data term against its penalty: it minimises the mean loss plus |W|^2 / (2 C n) for n images and
    /// standardised embeddings, the bias free.
    /// Above 0; default 1.
    /// </summary>
    public double InversePenalty { get; init; } = 1;

    /// <summary>The options, if every one lies in its range.</summary>
    /// <exception cref="MedTransferException">One does not; the message names it.</exception>
    public FitOptions Checked() =>
        Epochs < 1 ? throw OutOfRange("epochs", Epochs, "at least 1")
        : BatchSize < 1 ? throw OutOfRange("batch size", BatchSize, "at least 1")
        : LearningRate is not (> 0 and <= float.MaxValue) ? throw OutOfRange("learning rate", LearningRate, "above 0")
        : InversePenalty is not (> 0 and < double.PositiveInfinity) ? throw OutOfRange("inverse penalty", InversePenalty, "above 0")
        : Solver == Solver.Convex && Augmentation is not null ? throw OnceOnly("augmentation")
        : Solver == Solver.Convex && Balance == ClassBalance.Sampling ? throw OnceOnly("balance by sampling")
        : this with { Augmentation = Augmentation?.Checked() };

    private static MedTransferException OnceOnly(string what) =>
        new($"The convex solver sees every image once, as it is: use it without {what}.") { IsUsage = true };

    private static MedTransferException OutOfRange(string what, double value, string range) =>
        new(FormattableString.Invariant($"The {what} is {value}, but must be {range}.")) { IsUsage = true };
}
