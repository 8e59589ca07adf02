using MedTransfer.Data.Images;

namespace MedTransfer.Data.Checks;

/// <summary>A set, and what one pass over all of its pixels found.</summary>
public sealed class DatasetStatistics
{
    private readonly ImageStatistics[][] splits;

    private DatasetStatistics(Dataset data, TestScheme scheme, CancellationToken cancellation) =>
        (Data, Tested, splits) = (data, scheme == TestScheme.TestSplit ? SplitName.Test : SplitName.Train, Array.ConvertAll(SplitNames.All, split => OfSplit(data[split], cancellation)));

    /// <summary>The set, which outlives this.</summary>
    public Dataset Data { get; }

    /// <summary>Of each image of a split, in their order.</summary>
    internal IReadOnlyList<ImageStatistics> this[SplitName split] => splits[(int)split];

    /// <summary>The splits that have images.</summary>
    internal IEnumerable<SplitName> Filled => SplitNames.All.Where(split => Data[split].Count > 0);

    /// <summary>The images that models are scored on: the test split, or those of train, of which folds are held out.</summary>
    internal SplitName Tested { get; }

    /// <summary>Looks at every image once, on all cores; a kilobyte of each is kept.</summary>
    /// <param name="scheme">What models are scored on; by default the test split, where there is one.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DatasetStatistics Of(Dataset data, TestScheme? scheme = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(data, scheme ?? (data.Test.Count > 0 ? TestScheme.TestSplit : TestScheme.Folds), cancellation);
    }

    private static ImageStatistics[] OfSplit(Split split, CancellationToken cancellation)
    {
        var (channels, size, _) = split.Source.Shape;
        var axis = AxisResampling.Of(size, Thumbnail.Side);
        return split.OfEach(planes => ImageStatistics.Of(planes, channels, size, axis), cancellation);
    }
}
