using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Images;
using MedTransfer.Training.Objectives;

namespace MedTransfer.Trials;

/// <summary>The datasets that trials name, found by their digests and loaded once.</summary>
/// <param name="sources">The located datasets, those that are added later among them.</param>
internal sealed class LoadedDatasets(IEnumerable<DatasetSource> sources) : IDisposable
{
    private readonly Dictionary<DataReference, Dataset> loaded = [];
    private readonly Dictionary<DataReference, string> testDigests = [];

    /// <summary>Threads that draw a dataset, 1 or more; null, the default, for every core. A worker has one, as there are others beside it.</summary>
    public int? DrawingThreads { get; init; }

    /// <summary>Where processes find the images that they share, and large sets are unpacked; null, the default, to have all in memory, alone.</summary>
    public SharedImages? Shared { get; init; }

    /// <summary>The images that all processes share which work below that folder of trials.</summary>
    public static SharedImages Images(string runs) => new(Path.Combine(runs, SharedImages.FolderName));

    /// <summary>Where the data of a reference is.</summary>
    /// <exception cref="MedTransferException">No such data was named.</exception>
    public DatasetSource Find(DataReference data) => sources.FirstOrDefault(source => source.Md5 == data.Digest) ?? throw new MedTransferException(
        $"The data {data.Path} (MD5 {data.Digest}) is not at hand: its file has changed or was not named to the runner.");

    /// <summary>The dataset a trial names, or its excerpt, before its sample is drawn; loaded once.</summary>
    public Dataset Load(DataReference data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var key = Whole(data);
        if (loaded.TryGetValue(key, out var known))
            return known;
        // the pixels are shared, so that all fit in the memory of one
        return loaded[key] = data.PositiveClass is { } positive ? Load(data with { PositiveClass = null }).WithPositiveClass(positive)
            : data.Binarised ? Load(data with { Binarised = false }).Binarised()
            : Find(data).Load(data.UncertainAs, data.Excerpt, DrawingThreads, Shared);
    }

    /// <summary>Whether such data was named.</summary>
    public bool Has(DataReference data) => sources.Any(source => source.Md5 == data.Digest);

    /// <summary>Knows the test images of a dataset, or of its excerpt, again, whatever is asked of them: <see cref="Split.ImagesDigest"/>, computed once.</summary>
    public string TestDigest(DataReference data)
    {
        // whoever merges findings or calls another class positive looks at the same images
        var images = data with { Binarised = false, PositiveClass = null };
        var key = Whole(images);
        return testDigests.TryGetValue(key, out var known) ? known : testDigests[key] = Load(images).Test.ImagesDigest();
    }

    /// <summary>The images of every role of a trial, samples drawn and folds taken; the caller disposes of them.</summary>
    public DataByRole Draw(TrialData data)
    {
        var target = data.Target.Draw(Load(data.Target));
        try
        {
            return new(target, data.Source?.Draw(Load(data.Source)));
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    // neither where the file is nor which part of the training split is drawn makes another dataset
    private static DataReference Whole(DataReference data) => data with { Path = "", TrainImages = null, SampleSeed = 0, IsForUse = false, Folds = [] };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var dataset in loaded.Values)
            dataset.Dispose();
    }
}
