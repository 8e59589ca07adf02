using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Images;
using MedTransfer.Inference;
using MedTransfer.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Execution;

namespace MedTransfer.Trials;

/// <summary>
/// Runs trials, in this process or in workers, each as soon as those that it needs are done; what is done already is read, not run. How many run at
/// a time, and where, changes no bit of a result.
/// </summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="sources">The located datasets that trials may name, those that are added later among them.</param>
public sealed class TrialRunner(string runs, IEnumerable<DatasetSource> sources) : IDisposable
{
    private LoadedDatasets? datasets;
    private string processorsTold = "";
    private readonly TransferForecast forecast = new(runs);
    private readonly TestLedger ledger = new(runs);
    private readonly Configurations configurations = new(runs);

    /// <summary>Trials that run at a time, each in a process of its own, at least 1; default 1, which is this process.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Told, in a sentence, of what is done besides that one may want to know: images that workers can't share, files that make room for others.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Told how far a large set is that is unpacked into a file; null, the default, for silence.</summary>
    public Action<UnpackingProgress>? Unpacking { get; init; }

    /// <summary>Ends an unpacking, from where the next one goes on.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Who asks, as the ledger of test images names it: without commas, quotes and line breaks; empty, the default, for nobody in particular.</summary>
    public string Recipe
    {
        get;
        init => field = value.IndexOfAny([',', '"', '\r', '\n']) < 0 ? value
            : throw new MedTransferException($"The recipe's name is {OneLine.Quote(value)}, but must be without commas, quotes and line breaks.") { IsUsage = true };
    } = "";

    /// <summary>Where trials run, given how many are to run at a time; by default in this process, or in workers where there are several.</summary>
    public Func<int, IExecutor>? Executor { get; init; }

    /// <summary>Where trials keep the embeddings that they share.</summary>
    internal EmbeddingStore Embeddings { get; init; } = TrialRun.Embeddings(runs);

    /// <summary>Runs the trials that are not done.</summary>
    /// <param name="progress">Told on this thread what happens to each trial.</param>
    /// <returns>A result a distinct trial, in the order given.</returns>
    /// <exception cref="MedTransferException">A trial can't be run, which is said before any is; or it failed, which is said after all the others.</exception>
    /// <exception cref="OperationCanceledException">Trials that are done stay done.</exception>
    public IReadOnlyList<TrialResult> Run(
        IEnumerable<Trial> trials, Action<TrialProgress>? progress = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Checkpoint.IntervalOfTrials();   // what is set wrong is said before any work
        var asked = trials.DistinctBy(trial => trial.Name).ToList();
        var pending = asked.Where(trial => !IsDone(trial.Name)).ToList();
        foreach (var done in asked.Except(pending))
            new TrialFolder(runs, done.Name).Tidy();
        var known = asked.Except(pending).ToDictionary(done => done.Name, Read);   // a damaged one is said now
        RequireNeeds(pending);
        using var executor = ExecutorFor(Math.Min(Workers, pending.Count));   // workers start while the data is read and checked
        executor.Require([.. pending.Select(trial => trial.Spec.Device).Distinct()]);
        RequireRunnable(pending, asked);
        var (files, bytes) = (0, 0L);
        var count = Counting(cancellation);
        var schedule = new TrialSchedule(asked, pending, Work, told =>
        {
            if (told.Stage == TrialStage.Done)
            {
                var trimmed = Embeddings.Trim();
                (files, bytes) = (files + trimmed.Files, bytes + trimmed.Bytes);
                count(new[] { told.Trial }.Select(Read));
            }

            progress?.Invoke(told);
        });
        cancellation.ThrowIfCancellationRequested();
        executor.Run(schedule, trial => JobOf(trial), cancellation);
        if (files > 0)
            Notice?.Invoke(FormattableString.Invariant($"Embeddings in {files} files ({LimitedFolder.Megabytes(bytes)}) made room below {Path.Combine(runs, "embeddings")}, which holds {LimitedFolder.Megabytes(Embeddings.Limit)} at most: they are computed again where they are needed."));
        schedule.RequireAll();
        var results = asked.ConvertAll(trial => known.GetValueOrDefault(trial.Name) ?? Read(trial));
        count(results);   // what a process that was killed as its trial was done, or one without a ledger, did not count
        TellProcessors(results);
        return results;
    }

    // nodes of a cluster may differ, and folders come from elsewhere
    private void TellProcessors(IEnumerable<TrialResult> results)
    {
        var kinds = results.Where(result => result.Trial.Spec.Device == "cpu").Select(result => result.Environment.Processor?.Kind).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var told = string.Join("; ", kinds);
        if (kinds.Count > 1 && told != processorsTold)
            Notice?.Invoke($"Trials ran on processors of {kinds.Count} kinds ({told}), which compute last digits differently: the same spec gives the same bits only on one of them.");
        processorsTold = told;
    }

    /// <summary>
    /// How much a trial has to do, in millions of multiply-adds forward: images that pass the features, training images times epochs for most, times what an image takes; and what a converged
    /// head takes besides, whose columns are multiplied with each other. From counts alone, so that it is the same everywhere.
    /// </summary>
    public double Work(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var (data, spec) = (trial.Spec.Target, trial.Spec);
        double images = data.TrainImages ?? Load(data).Train.Count;
        foreach (var fold in data.Folds)
            images = fold.TrainImages ?? images / (1 + (fold.Resampling.HeldOutOverTrained ?? 0));
        var side = spec.Model.SeenAs.SizeOn(Load(data).Info) / 28.0;
        var passes = spec.EmbedsOnce || spec.Members.Count > 0 ? images : images * spec.Fit.Epochs * spec.Objective.Passes;
        if (spec.EmbedsOnce && spec.Data.Source is { } source)
            passes += Load(source).Train.Count;
        return passes * spec.Model.Architecture.MultiplyAdds * side * side + (spec.Fit.Solver == Solver.LogisticRegression ? images * OfHead(spec, data) : 0);
    }

    // per image: some 15 sums of products over all penalties and folds that are tried, as measured on pixels
    private double OfHead(TrialSpec spec, DataReference data)
    {
        double columns = spec.Model.Architecture.EmbeddingWidth(spec.Model, Load(data).Info);
        return 15e-6 * columns * columns;
    }

    /// <summary>The dataset a trial names, or its excerpt, before its sample is drawn; loaded once.</summary>
    public Dataset Load(DataReference data) => Datasets.Load(data);

    /// <summary>Knows the test images of a dataset again, see <see cref="Split.ImagesDigest"/>; computed once.</summary>
    public string TestDigest(DataReference data) => Datasets.TestDigest(data);

    /// <summary>What a trial takes over from its origin, known before anything is run; nothing where it has none.</summary>
    /// <param name="asked">The trials that are to be run, the parent among them where it is not done.</param>
    /// <exception cref="MedTransferException">The parent is neither done nor asked for.</exception>
    public TransferOutcome Transfer(Trial trial, IEnumerable<Trial> asked)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var known = asked.ToList();
        foreach (var spec in known.Where(other => trial.Spec.Needs.Contains(other.Name)).Append(trial).Select(other => other.Spec))
            RequireFit(spec);
        return forecast.Of(trial, known, data => Load(data).Info);
    }

    /// <inheritdoc/>
    public void Dispose() => datasets?.Dispose();

    /// <summary>What an executor needs to know to run a trial, or to time it.</summary>
    internal Job JobOf(Trial trial, bool timed = false) =>
        new(trial.Spec, trial.Label, [.. trial.Spec.Data.All.Select(Datasets.Find).DistinctBy(source => source.Md5).Select(source => source.Place)], timed);

    // one process alone has no use for a file beside its memory, where that holds the images
    private LoadedDatasets Datasets => datasets ??= new(sources) { Shared = LoadedDatasets.Images(runs) with { Writes = Workers > 1, Tell = Notice, Progress = Unpacking, Cancellation = Cancellation } };

    private IExecutor ExecutorFor(int atATime) =>
        Executor?.Invoke(atATime) ?? (atATime > 1 ? new WorkerPool(runs, atATime) : new InProcessExecutor(new TrialRun(runs, Datasets, Embeddings)));

    // results do not depend on it: what can't be counted is said, once
    private Action<IEnumerable<TrialResult>> Counting(CancellationToken cancellation)
    {
        var failed = false;
        return results =>
        {
            if (failed)
                return;
            try
            {
                var uncounted = ledger.Uncounted(results.Where(result => result.IsScoredOnTest && Datasets.Has(result.Trial.Spec.Target)));
                if (uncounted.Count > 0)
                    ledger.Add([.. uncounted.Select(ScoringOf)], cancellation);
            }
            catch (MedTransferException e)
            {
                failed = true;
                Notice?.Invoke($"Scorings of test images are not counted, which the next run of their trials makes up for: {e.Message.TrimEnd('.')}.");
            }
        };
    }

    private TestScoring ScoringOf(TrialResult result) =>
        new(result.Environment.Finished, Recipe, TestDigest(result.Trial.Spec.Target), configurations.Of(result.Trial.Spec), result.Trial.Name);

    // what can't work is said now, not after the hours that come before it
    private void RequireRunnable(List<Trial> pending, List<Trial> asked)
    {
        foreach (var uses in pending.SelectMany(trial => trial.Spec.Data.All.Select(data => (Data: data, trial.Spec))).GroupBy(use => use.Data with { Path = "" }))
        {
            var data = uses.First().Data;
            using var drawn = data.Draw(Load(data));
            RequireSplits(drawn, [.. uses.Where(use => use.Data == use.Spec.Target).Select(use => use.Spec)]);
            foreach (var objective in uses.Where(use => use.Data == use.Spec.Target).Select(use => use.Spec.Objective).Distinct())
                objective.RequireLearnable(drawn, data.Path);
        }

        foreach (var trial in pending)
        {
            RequireFit(trial.Spec);
            if (trial.Spec.Transfer.Obstacle(Transfer(trial, asked)) is { } obstacle)
                throw new MedTransferException($"Trial {trial.Name} ({trial.Label}) can't be run: {obstacle}");
        }
    }

    // of those that learn from it
    private static void RequireSplits(Dataset drawn, IReadOnlyList<TrialSpec> specs)
    {
        if (specs.Any(spec => !spec.Target.IsForUse) && drawn.Test.Count == 0)
            throw new MedTransferException($"{drawn.Info.Name} has no test images, on which what was learnt is measured: make the splits with --split 70/10/20, or take folds.");
        if (drawn.Validation.Count == 0 && specs.Any(spec => spec.ChosenBy.Any()))
            throw new MedTransferException($"{drawn.Info.Name} has no validation images, by which {(specs.Any(spec => spec.IsSoup) ? "members are" : "an epoch is")} to be chosen: make the splits with --split 70/10/20, or keep the last epoch.");
    }

    private void RequireFit(TrialSpec spec)
    {
        var (data, architecture, objective) = (Load(spec.Target).Info, spec.Model.Architecture, spec.Objective);
        var metrics = objective.MetricsOn(data);
        foreach (var (size, least) in new[] { (spec.Model.SeenAs.SizeOn(data), architecture.LeastImageSize), (data.ImageSize, objective.LeastImageSize) })
        {
            if (size < least)
                throw new MedTransferException($"{data.Name} has images of {size} pixels: the {objective.TitleOf(architecture)} needs {least} at least: enlarge them (--image-size).");
        }

        architecture.RequireFit?.Invoke(spec.Model, data);
        if (spec.Data.Source is { } source)
            objective.RequireSource(spec.Model.SeenAs, data, Load(source).Info);
        foreach (var unknown in spec.ChosenBy.Where(metric => metric != Evaluation.Metric.Loss && !metrics.Contains(metric)))
            throw new MedTransferException($"Epochs can't be chosen by {unknown}, which is not reported: choose by one of {string.Join(", ", metrics.Prepend(Evaluation.Metric.Loss))}.") { IsUsage = true };
    }

    private void RequireNeeds(List<Trial> pending)
    {
        var atHand = pending.Select(trial => trial.Name).ToHashSet();
        foreach (var (trial, needed) in pending.SelectMany(trial => trial.Spec.Needs.Select(needed => (trial, needed))).Where(need => !atHand.Contains(need.needed)).DistinctBy(need => need.needed))
        {
            if (!IsDone(needed))
                throw trial.Lacks(needed);
            _ = new TrialFolder(runs, needed).ReadWeights();   // fails where they are damaged
        }
    }

    private TrialResult Read(Trial trial) => new TrialFolder(runs, trial.Name).Read(trial);

    private bool IsDone(string trial) => new TrialFolder(runs, trial).IsDone;
}
