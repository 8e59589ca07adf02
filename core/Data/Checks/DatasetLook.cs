namespace MedTransfer.Data.Checks;

/// <summary>A set, and what one pass over all of its pixels found.</summary>
public sealed class DatasetLook
{
    private readonly SplitLook[] splits;

    private DatasetLook(Dataset data) => (Data, splits) = (data, Array.ConvertAll(SplitNames.All, split => SplitLook.At(data[split])));

    /// <summary>The set, which outlives this.</summary>
    public Dataset Data { get; }

    internal IReadOnlyList<ImageLook> this[SplitName split] => splits[(int)split].Images;

    /// <summary>The splits that have images.</summary>
    internal IEnumerable<SplitName> Filled => SplitNames.All.Where(split => Data[split].Count > 0);

    /// <summary>Looks at every image once, on all cores; a kilobyte of each is kept.</summary>
    public static DatasetLook At(Dataset data) => new(data);
}
