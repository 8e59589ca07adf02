using MedTransfer.Data.Images;

namespace MedTransfer.Data.Checks;

/// <summary>A set, and what one pass over all of its pixels found.</summary>
public sealed class DatasetStatistics
{
    private readonly ImageStatistics[][] splits;

    private DatasetStatistics(Dataset data) => (Data, splits) = (data, Array.ConvertAll(SplitNames.All, split => OfSplit(data[split])));

    /// <summary>The set, which outlives this.</summary>
    public Dataset Data { get; }

    /// <summary>Of each image of a split, in their order.</summary>
    internal IReadOnlyList<ImageStatistics> this[SplitName split] => splits[(int)split];

    /// <summary>The splits that have images.</summary>
    internal IEnumerable<SplitName> Filled => SplitNames.All.Where(split => Data[split].Count > 0);

    /// <summary>The images that models are scored on: the test split, or where there is none those of train, which folds hold out in turn.</summary>
    internal SplitName Tested => Data.Test.Count > 0 ? SplitName.Test : SplitName.Train;

    /// <summary>Looks at every image once, on all cores; a kilobyte of each is kept.</summary>
    public static DatasetStatistics Of(Dataset data) => new(data);

    private static ImageStatistics[] OfSplit(Split split)
    {
        var (channels, size, _) = split.Source.Shape;
        var axis = AxisResampling.Of(size, Thumbnail.Side);
        return split.OfEach(planes => ImageStatistics.Of(planes, channels, size, axis));
    }
}
