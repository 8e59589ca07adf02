namespace MedTransfer.Data;

/// <summary>One official file of MedMNIST.</summary>
/// <param name="Md5">32 lower-case hexadecimal digits.</param>
public sealed record CatalogueEntry(DatasetInfo Info, SplitSizes Counts, string Md5)
{
    /// <summary>The name under which the file is published and looked for.</summary>
    public string FileName => $"{Info.Name}.npz";

    /// <summary>Where the file is published (Zenodo record 10519652).</summary>
    public Uri Url => new($"https://zenodo.org/records/10519652/files/{FileName}?download=1");
}

/// <summary>Images in each split.</summary>
public sealed record SplitSizes(int Train, int Validation, int Test)
{
    /// <summary>Images in the split of that name.</summary>
    public int this[SplitName name] => name switch
    {
        SplitName.Train => Train,
        SplitName.Validation => Validation,
        _ => Test,
    };
}
