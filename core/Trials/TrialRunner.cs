using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Images;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Execution;

namespace MedTransfer.Trials;

/// <summary>
/// Runs trials, in this process or in workers, each as soon as those that it needs are done; what is done already is read, not run. How many run at
/// a time, and where, changes no bit of a result.
/// </summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="sources">The located datasets that trials may name.</param>
public sealed class TrialRunner(string runs, IEnumerable<DatasetSource> sources) : IDisposable
{
    private readonly Dictionary<string, DatasetSource> sources = sources.DistinctBy(source => source.Md5).ToDictionary(source => source.Md5);
    private readonly Dictionary<DataReference, Dataset> loaded = [];
    private readonly TransferForecast forecast = new(runs);

    /// <summary>Trials that run at a time, each in a process of its own, at least 1; default 1, which is this process.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Told, in a sentence, what one may want to know of images that workers share; null, the default, for silence.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Whether this runs in a worker: it draws with one thread, as there are others beside it, and takes the images that its starter shares.</summary>
    internal bool IsWorker { get; init; }

    // one process alone has no use for a file beside its memory
    private SharedImages? Shared => IsWorker || Workers > 1 ? new(Path.Combine(runs, "images")) { Writes = !IsWorker, Tell = Tell } : null;

    /// <summary>Runs the trials that are not done.</summary>
    /// <param name="progress">Told on this thread what happens to each trial.</param>
    /// <returns>A result a distinct trial, in the order given.</returns>
    /// <exception cref="MedTransferException">A trial can't be run, which is said before any is; or it failed, which is said after all the others.</exception>
    /// <exception cref="OperationCanceledException">Trials that are done stay done.</exception>
    public IReadOnlyList<TrialResult> Run(
        IEnumerable<Trial> trials, Action<TrialProgress>? progress = null, CancellationToken cancellation = default)
    {
        var asked = trials.DistinctBy(trial => trial.Name).ToList();
        var pending = asked.Where(trial => !IsDone(trial.Name)).ToList();
        foreach (var done in asked.Except(pending))
            new TrialFolder(runs, done.Name).Tidy();
        RequireNeeds(pending);
        var atATime = Math.Min(Workers, pending.Count);
        using var pool = atATime > 1 ? new WorkerPool(runs, atATime) : null;   // they start while the data is read and checked
        RequireRunnable(pending, asked);
        var schedule = new TrialSchedule(asked, pending, Work, progress);
        if (pool is null)
            RunHere(schedule, cancellation);
        else
            pool.Run(schedule, trial => Find(trial.Spec.Data).Place, cancellation);
        schedule.RequireAll();
        return [.. asked.Select(trial => new TrialFolder(runs, trial.Name).Read(trial))];
    }

    /// <summary>How much a trial has to do: images that pass the features, training images times epochs for most. From counts alone, so that it is the same everywhere.</summary>
    public double Work(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var (data, spec) = (trial.Spec.Data, trial.Spec);
        var images = data.TrainImages ?? Load(data).Train.Count;
        return spec.EmbedsOnce || spec.Members.Count > 0 ? images : (double)images * spec.Fit.Epochs;
    }

    /// <summary>The dataset a trial names, or its excerpt, before its sample is drawn; loaded once.</summary>
    public Dataset Load(DataReference data)
    {
        ArgumentNullException.ThrowIfNull(data);
        // neither where the file is nor which part of the training split is drawn makes another dataset
        var key = data with { Source = "", TrainImages = null, SampleSeed = 0, Folds = [] };
        if (loaded.TryGetValue(key, out var known))
            return known;
        // the pixels are shared, so that all fit in the memory of one
        return loaded[key] = data.PositiveClass is { } positive ? Load(data with { PositiveClass = null }).WithPositiveClass(positive)
            : data.Binarised ? Load(data with { Binarised = false }).Binarised()
            : Find(data).Load(data.UncertainAs, data.Excerpt, IsWorker ? 1 : null, Shared);
    }

    /// <summary>What a trial takes over from its parent, known before either is run; nothing where it has no parent.</summary>
    /// <param name="asked">The trials that are to be run, the parent among them where it is not done.</param>
    /// <exception cref="MedTransferException">The parent is neither done nor asked for.</exception>
    public TransferOutcome Transfer(Trial trial, IEnumerable<Trial> asked)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var known = asked.ToList();
        foreach (var spec in known.Where(other => trial.Spec.Needs.Contains(other.Name)).Append(trial).Select(other => other.Spec))
            RequireFit(Load(spec.Data).Info, spec.Model.Architecture);
        return forecast.Of(trial, known, data => Load(data).Info);
    }

    /// <summary>Trains as a trial of that spec does, in this process, and leaves nothing; validates on one image. Parents must be done.</summary>
    internal FitResult Fit(TrialSpec spec, CancellationToken cancellation)
    {
        using var drawn = spec.Data.Draw(Load(spec.Data));
        using var one = drawn.Validation.Subset([0]);
        return new TrialRun(Find(spec.Data), drawn with { Validation = one }, runs).Fit(spec, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var dataset in loaded.Values)
            dataset.Dispose();
    }

    // what can't work is said now, not after the hours that come before it
    private void RequireRunnable(List<Trial> pending, List<Trial> asked)
    {
        foreach (var device in pending.Select(trial => trial.Spec.Device).Distinct())
            ComputeDevice.Open(device);
        foreach (var data in pending.Select(trial => trial.Spec.Data).DistinctBy(data => data with { Source = "" }))
        {
            data.Draw(Load(data)).Dispose();
        }

        foreach (var spec in pending.Select(trial => trial.Spec))
            RequireFit(Load(spec.Data).Info, spec.Model.Architecture);
        foreach (var trial in pending)
        {
            if (trial.Spec.Transfer.Obstacle(Transfer(trial, asked)) is { } obstacle)
                throw new MedTransferException($"Trial {trial.Name} ({trial.Label}) can't be run: {obstacle}");
        }
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

    private void RunHere(TrialSchedule schedule, CancellationToken cancellation)
    {
        while (schedule.TakeNext() is { } trial)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var alone = new TrialFolder(runs, trial.Name).Lock(cancellation);
                if (!IsDone(trial.Name))
                    Execute(trial, epoch => schedule.Trained(trial, epoch), cancellation);
                alone.Remove();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                schedule.Fail(trial, e);
                continue;
            }

            schedule.Done(trial);
        }
    }

    private TrialResult Execute(Trial trial, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        var data = trial.Spec.Data;
        using var drawn = data.Draw(Load(data));
        return new TrialRun(Find(data), drawn, runs).Execute(trial, onEpoch, cancellation);
    }

    internal DatasetSource Find(DataReference data) => sources.GetValueOrDefault(data.Digest) ?? throw new MedTransferException(
        $"The data {data.Source} (MD5 {data.Digest}) is not at hand: its file has changed or was not named to the runner.");

    private void RequireNeeds(List<Trial> pending)
    {
        var atHand = pending.Select(trial => trial.Name).ToHashSet();
        foreach (var trial in pending)
        {
            foreach (var needed in trial.Spec.Needs.Where(needed => !atHand.Contains(needed) && !IsDone(needed)))
                throw new MedTransferException($"Trial {trial.Name} ({trial.Label}) needs the weights of trial {needed}, which is neither done nor asked for.");
        }
    }

    private bool IsDone(string trial) => new TrialFolder(runs, trial).IsDone;
}
