namespace MedTransfer.Data;

/// <summary>Three splits of images and labels, and what the labels mean.</summary>
/// <param name="Info">Name, task, channels, size, label names.</param>
/// <param name="Digest">MD5 of the file the images came from, 32 lower-case hexadecimal digits.</param>
public sealed record Dataset(DatasetInfo Info, string Digest, Split Train, Split Validation, Split Test) : IDisposable
{
    /// <summary>The split of that name.</summary>
    public Split this[SplitName name] => name switch
    {
        SplitName.Train => Train,
        SplitName.Validation => Validation,
        _ => Test,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
        Test.Dispose();
    }
}
