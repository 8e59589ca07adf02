using MedTransfer.Data.Catalogue;

namespace MedTransfer.Trials.Execution;

/// <summary>A worker's runners, one a data file, each with its images in memory: those of the files used last are kept, others make room.</summary>
internal sealed class KeptRunners(string runs) : IDisposable
{
    private const int Most = 2;

    private readonly List<(DataPlace Data, TrialRunner Runner)> kept = [];

    /// <summary>The runner of a data file, which is read on first use.</summary>
    public TrialRunner Of(DataPlace data)
    {
        var known = kept.Find(other => other.Data == data);
        kept.Remove(known);
        while (kept.Count >= Most)
        {
            kept[0].Runner.Dispose();
            kept.RemoveAt(0);
        }

        var runner = known.Runner ?? new TrialRunner(runs, [DatasetSource.At(data)]) { IsWorker = true };
        kept.Add((data, runner));
        return runner;
    }

    /// <inheritdoc/>
    public void Dispose() => kept.ForEach(other => other.Runner.Dispose());
}
