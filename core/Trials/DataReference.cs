namespace MedTransfer.Trials;

/// <summary>Which images a trial learns from and is scored on.</summary>
public sealed record DataReference
{
    /// <summary>A dataset's name, or the path of an npz file. Not part of a trial's name: the digest says which data it was.</summary>
    public required string Source { get; init; }

    /// <summary>MD5 of the file.</summary>
    public required string Digest { get; init; }

    /// <summary>Whether findings are merged into healthy and disease; default no.</summary>
    public bool Binarised { get; init; }

    /// <summary>Images in the stratified sample of the training split; null for all of it.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Draws the sample; not used without one.</summary>
    public long SampleSeed { get; init; }
}
