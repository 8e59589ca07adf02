namespace MedTransfer.Data.Checks;

/// <summary>What scores on test images would be paid back for having seen: nothing is trained past it, unless by its name.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Text">What was found, and what it does to scores, a sentence without its full stop.</param>
public sealed record Leak(string Name, string Text)
{
    /// <summary>Images of train that are in test too.</summary>
    public const string TrainInTest = "train-in-test";

    /// <summary>Images of the source that are in the target's test split.</summary>
    public const string SourceInTest = "source-in-test";

    /// <summary>Patients with images in two splits.</summary>
    public const string SharedPatients = "shared-patients";

    /// <summary>Every name, in words the command line takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [TrainInTest, SourceInTest, SharedPatients];

    /// <summary>What to do about it, after what was found.</summary>
    public string Remedy => Name switch
    {
        TrainInTest => "take these images out of one of the two splits",
        SourceInTest => "take these images out of the source, or choose another one",
        _ => "give all images of a patient to one split",
    };
}
