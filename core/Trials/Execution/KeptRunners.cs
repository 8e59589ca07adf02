using MedTransfer.Data.Catalogue;

namespace MedTransfer.Trials.Execution;

/// <summary>A worker's runners, one a data file, each with its images in memory: those of the files used last are kept, others make room.</summary>
internal sealed class KeptRunners(string runs) : IDisposable
{
    private const int Most = 2;

    private readonly List<(string DataPath, TrialRunner Runner)> kept = [];

    /// <summary>The runner of a data file, which is found and identified on first use.</summary>
    public TrialRunner Of(string dataPath)
    {
        var known = kept.Find(other => other.DataPath == dataPath);
        kept.Remove(known);
        while (kept.Count >= Most)
        {
            kept[0].Runner.Dispose();
            kept.RemoveAt(0);
        }

        var runner = known.Runner ?? new TrialRunner(runs, [DatasetSource.Find(dataPath, new DataFolders([]))]) { DrawingThreads = 1 };
        kept.Add((dataPath, runner));
        return runner;
    }

    /// <inheritdoc/>
    public void Dispose() => kept.ForEach(other => other.Runner.Dispose());
}
