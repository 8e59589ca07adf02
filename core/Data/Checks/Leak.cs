namespace MedTransfer.Data.Checks;

/// <summary>What scores on test images would be paid back for having seen.</summary>
public enum LeakKind
{
    /// <summary>Images of train are in test too.</summary>
    TrainInTest,

    /// <summary>Images that weights are pretrained on are in the target's test split.</summary>
    SourceInTest,

    /// <summary>Patients have images in two splits, or in what weights are pretrained on and the target's test split.</summary>
    SharedPatients,
}

/// <summary>Something that voids scores on test.</summary>
/// <param name="Text">What was found, and what it does to scores, a sentence without its full stop.</param>
public sealed record Leak(LeakKind Kind, string Text)
{
    /// <summary>What to do about it, a clause.</summary>
    public string Remedy => Kind switch
    {
        LeakKind.TrainInTest => "take these images out of one of the two splits",
        LeakKind.SourceInTest => "take these images out of the source, or choose another one",
        LeakKind.SharedPatients => "give all images of a patient to one split",
        _ => throw new InvalidOperationException($"no remedy for {Kind}"),
    };
}
