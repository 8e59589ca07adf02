using MedTransfer.Data.Catalogue;

namespace MedTransfer.Trials.Execution;

/// <summary>A worker's datasets, in memory from one job to the next: those of the jobs that ran last are kept, others make room.</summary>
internal sealed class KeptDatasets(string runs) : IDisposable
{
    private const int Most = 2;

    private readonly List<(IReadOnlyList<DataPlace> Places, LoadedDatasets Datasets)> kept = [];

    /// <summary>The datasets that a job names.</summary>
    public LoadedDatasets Of(Job job)
    {
        var known = kept.Find(other => other.Places.SequenceEqual(job.Data));
        kept.Remove(known);
        while (kept.Count >= Most)
        {
            kept[0].Datasets.Dispose();
            kept.RemoveAt(0);
        }

        var datasets = known.Datasets ?? new LoadedDatasets(job.Data.Select(DatasetSource.At)) { DrawingThreads = 1, Shared = LoadedDatasets.Images(runs) with { Writes = false } };
        kept.Add((job.Data, datasets));
        return datasets;
    }

    /// <inheritdoc/>
    public void Dispose() => kept.ForEach(other => other.Datasets.Dispose());
}
