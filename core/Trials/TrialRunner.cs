using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;

namespace MedTransfer.Trials;

/// <summary>Runs trials in an order in which every parent comes before its children; what is done already is read, not run.</summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="sources">The located datasets that trials may name.</param>
public sealed class TrialRunner(string runs, IEnumerable<DatasetSource> sources) : IDisposable
{
    private readonly Dictionary<string, DatasetSource> sources = sources.DistinctBy(source => source.Md5).ToDictionary(source => source.Md5);
    private readonly Dictionary<(string Digest, bool Binarised), Dataset> loaded = [];

    /// <summary>Runs the trials one after the other in this process.</summary>
    /// <param name="progress">Told as a trial starts and as each of its epochs ends.</param>
    /// <returns>A result a distinct trial, in the order given.</returns>
    /// <exception cref="OperationCanceledException">Trials that are done stay done.</exception>
    public IReadOnlyList<TrialResult> Run(
        IEnumerable<Trial> trials, Action<TrialProgress>? progress = null, CancellationToken cancellation = default)
    {
        var asked = trials.DistinctBy(trial => trial.Name).ToList();
        RequireRunnable(asked.Where(trial => !new TrialFolder(runs, trial.Name).IsDone));
        var results = new Dictionary<string, TrialResult>();
        foreach (var (trial, index) in ParentsFirst(asked).Select((trial, index) => (trial, index)))
        {
            cancellation.ThrowIfCancellationRequested();
            var folder = new TrialFolder(runs, trial.Name);
            void Report(EpochRecord? epoch, bool wasDone) => progress?.Invoke(new TrialProgress(trial, index + 1, asked.Count, epoch, wasDone));
            Report(null, folder.IsDone);
            results[trial.Name] = folder.IsDone ? folder.Read(trial) : Execute(trial, epoch => Report(epoch, false), cancellation);
        }

        return [.. asked.Select(trial => results[trial.Name])];
    }

    /// <summary>The dataset a trial names, before its sample is drawn; loaded once.</summary>
    public Dataset Load(DataReference data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (loaded.TryGetValue((data.Digest, data.Binarised), out var known))
            return known;
        var dataset = Find(data).Load();
        if (!data.Binarised)
            return loaded[(data.Digest, false)] = dataset;
        using (dataset)
            return loaded[(data.Digest, true)] = dataset.Binarised();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var dataset in loaded.Values)
            dataset.Dispose();
    }

    // what can't work is said now, not after the hours that come before it
    private void RequireRunnable(IEnumerable<Trial> pending)
    {
        foreach (var device in pending.Select(trial => trial.Spec.Device).Distinct())
            ComputeDevice.Open(device);
        foreach (var data in pending.Select(trial => trial.Spec.Data).DistinctBy(data => data with { Source = "" }))
        {
            data.Draw(Load(data)).Dispose();
        }

        foreach (var spec in pending.Select(trial => trial.Spec))
            RequireFit(Load(spec.Data).Info, spec.Model.Architecture);
    }

    private static void RequireFit(DatasetInfo data, Architecture architecture)
    {
        if (data.Task is null && architecture != Architecture.Autoencoder)
            throw new MedTransferException($"{data.Name} has no labels: a classifier can't be trained on it. Name a labelled set.");
        var (model, least) = architecture switch
        {
            Architecture.ConvNet => ("CNN", ConvNetFeatures.LeastImageSize),
            Architecture.Autoencoder => ("autoencoder", Reconstructor.LeastImageSize),
            _ => ("", 0),
        };
        if (data.ImageSize < least)
            throw new MedTransferException($"{data.Name} has images of {data.ImageSize} pixels: the {model} needs {least} at least. Enlarge them.");
    }

    private TrialResult Execute(Trial trial, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        var data = trial.Spec.Data;
        using var drawn = data.Draw(Load(data));
        return new TrialRun(Find(data), drawn, runs).Execute(trial, onEpoch, cancellation);
    }

    private DatasetSource Find(DataReference data) => sources.GetValueOrDefault(data.Digest) ?? throw new MedTransferException(
        $"The data {data.Source} (MD5 {data.Digest}) is not at hand: its file has changed or was not named to the runner.");

    private List<Trial> ParentsFirst(List<Trial> asked)
    {
        var byName = asked.ToDictionary(trial => trial.Name);
        var ordered = new List<Trial>();
        var placed = new HashSet<string>();

        void Place(Trial trial)
        {
            if (!placed.Add(trial.Name))
                return;
            foreach (var needed in trial.Spec.Needs)
            {
                if (byName.TryGetValue(needed, out var first))
                    Place(first);
                else if (!new TrialFolder(runs, trial.Name).IsDone && !new TrialFolder(runs, needed).IsDone)
                    throw new MedTransferException($"Trial {trial.Name} ({trial.Label}) needs the weights of trial {needed}, which is neither done nor asked for.");
            }

            ordered.Add(trial);
        }

        asked.ForEach(Place);
        return ordered;
    }
}
