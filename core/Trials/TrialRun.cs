using System.Diagnostics;
using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Native;
using MedTransfer.Tasks;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Runs one trial in this process: data, model and plan, training, artefacts.</summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="datasets">The data that trials name.</param>
/// <param name="embeddings">Where trials keep the embeddings that they share; null for the folder beside theirs.</param>
internal sealed class TrialRun(string runs, LoadedDatasets datasets, EmbeddingStore? embeddings = null)
{
    /// <summary>A sheet of 8 x 8.</summary>
    private const int MostReconstructions = 64;

    /// <summary>Runs the trial, unless another process has done so meanwhile; its parents are done.</summary>
    public void Execute(Trial trial, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        while (!TryExecute(trial, onEpoch, cancellation))
        {
            // another has taken it over from here, as this process was not heard of for too long: it is waited for
        }
    }

    private bool TryExecute(Trial trial, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        var folder = new TrialFolder(runs, trial.Name);
        using var alone = folder.Claim(cancellation);
        if (!folder.IsDone)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, alone.Lost);
            try
            {
                Execute(trial, folder, folder.CheckpointUntil(alone.Lost), Told, either.Token);
            }
            catch (Exception) when (!cancellation.IsCancellationRequested && alone.IsLost)
            {
                return false;   // what went wrong may be the other's doing
            }
            catch (Exception e) when (MemoryShortage.Is(e))
            {
                throw TooLarge(trial, e);
            }
        }

        alone.Remove();
        return true;

        void Told(EpochRecord epoch)
        {
            alone.Report(EpochWords.Of(epoch));
            onEpoch(epoch);
        }
    }

    private MedTransferException TooLarge(Trial trial, Exception error)
    {
        var spec = trial.Spec;
        var side = spec.Model.SeenAs.SizeOn(datasets.Load(spec.Target).Info);
        var (what, lower) = spec.EmbedsOnce ? ("the", "--image-size") : ($"batches of {spec.Fit.BatchSize}", "--batch, --image-size");
        return new($"{trial.Label}: {what} images of {side} x {side} pixels do not fit into memory beside what else runs: lower {lower} or --workers.", error);
    }

    /// <summary>Trains as a trial does, every embedding computed anew, validates on one image at most, reads no test image, and leaves nothing.</summary>
    public FitResult Fit(TrialSpec spec, CancellationToken cancellation)
    {
        var device = ComputeDevice.Open(spec.Device, spec.Threads);
        using var drawn = datasets.Draw(spec.Data);
        using var one = drawn.Target.Validation.Subset(drawn.Target.Validation.Count == 0 ? [] : [0]);
        using var embedder = Embedder(spec, store: null, cancellation);
        return Fit(spec, spec.Describe(), drawn with { Target = drawn.Target with { Validation = one } }, device, embedder, cancellation: cancellation).Fit;
    }

    /// <summary>Where trials keep the embeddings that they share.</summary>
    internal static EmbeddingStore Embeddings(string runs) => new(Path.Combine(runs, "embeddings"));

    private void Execute(Trial trial, TrialFolder folder, Checkpoint checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var spec = trial.Spec;
        var device = ComputeDevice.Open(spec.Device, spec.Threads);
        using var data = datasets.Draw(spec.Data);
        folder.Begin(spec);
        // a GPU makes them as fast as a disk, and which GPU is not known
        using var embedder = Embedder(spec, device.type == DeviceType.CPU ? embeddings ?? Embeddings(runs) : null, cancellation);
        var (model, transfer, fit, averaged) = Fit(spec, trial.Label, data, device, embedder, checkpoint, onEpoch, cancellation);
        using var owned = model;

        // every choice has been made
        var outputs = Enum.GetValues<SplitName>().Where(split => data.Target[split].Count > 0).ToDictionary(split => split, split => Measure(spec, model, data.Target, split, device, embedder));
        folder.WriteWeights(model, name => spec.Members.Count > 0 || Trains(spec, name));
        var metrics = new TrialMetrics
        {
            Train = MetricsOf(outputs[SplitName.Train]),
            Validation = outputs.TryGetValue(SplitName.Validation, out var validated) ? MetricsOf(validated) : null,
            Test = outputs.TryGetValue(SplitName.Test, out var tested) ? MetricsOf(tested) : null,
            Task = spec.Objective.TaskOf(data.Target.Info),
            Epochs = fit.History.Count,
            KeptEpoch = fit.KeptEpoch,
            Parameters = model.parameters().Sum(parameter => parameter.numel()),
            TrainableParameters = spec.Members.Count > 0 ? 0 : model.named_parameters().Where(weight => Trains(spec, weight.name)).Sum(weight => weight.parameter.numel()),
            Transferred = transfer.Taken,
            WeightsDigest = WeightFile.DigestOf(folder.WeightsPath),
            NotTransferred = [.. transfer.Left.Select(layer => layer.ToString())],
            Adapted = transfer.Adapted.Count == 0 ? null : transfer.Adapted,
            ChosenPenalty = fit.Penalty,
            Averaged = averaged,
            EffectiveSource = fit.EffectiveSource,
            Collapsed = EmbeddingSpread.OfValues(outputs[SplitName.Train].Scores.Values)?.IsCollapsed == true ? true : null,
        };
        var seconds = clock.Elapsed.TotalSeconds;
        var repeats = device.type == DeviceType.CPU ? null : Repeats(spec, data, device, cancellation);
        folder.Finish(fit, data.Target, outputs, TrialEnvironment.Now(spec, datasets.Find(spec.Target), fit.Seconds, seconds, repeats), metrics);
    }

    private static SplitMetrics MetricsOf(SplitOutput output) => new(output.Loss, output.Scores);

    private static bool Trains(TrialSpec spec, string weight) => spec.Objective.PlanOf(spec.Transfer).Trains(weight);

    private (nn.Module Model, TransferOutcome Transfer, FitResult Fit, IReadOnlyList<string>? Averaged) Fit(
        TrialSpec spec, string label, DataByRole data, Device device, Embedder? embedder, Checkpoint? checkpoint = null, Action<EpochRecord>? onEpoch = null, CancellationToken cancellation = default)
    {
        if (spec.Members.Count > 0)
        {
            var (together, averaged) = Together(spec, data.Target, cancellation);
            together.to(device);
            return (together, TransferOutcome.None, new([], 0, 0), averaged);
        }

        var model = spec.Objective.Create(spec.Model, data.Target.Info, spec.Seed);
        try
        {
            var transfer = Transferred(model, spec.Transfer, label);
            model.to(device);
            using var teacher = spec.Teacher is { } named ? TeacherOf(named, data.Target.Info, label) : null;
            teacher?.to(device);
            var fit = spec.Objective.Fit(model, new(data, spec.Model, spec.Transfer, spec.Fit, spec.Seed, device)
            {
                Transferred = transfer.Taken,
                Teacher = teacher,
                Embedder = embedder,
                Checkpoint = checkpoint,
                OnEpoch = onEpoch,
                Cancellation = cancellation,
            });
            return (model, transfer, fit, null);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private (nn.Module Model, IReadOnlyList<string>? Averaged) Together(TrialSpec spec, Dataset data, CancellationToken cancellation)
    {
        var weights = spec.Members.Select(member => new TrialFolder(runs, member).ReadWeights()).ToList();
        if (!spec.IsSoup)
            return (Ensemble.Of(spec.Model, data.Info, weights), null);
        using var validation = LabelledImages.On(CPU, data.Validation, LearningTask.Of(data.Info));
        var (model, chosen) = GreedySoup.Of(spec.Model, data.Info, weights, validation, spec.Fit.KeptBy, cancellation);
        return (model, [.. chosen.Select(member => spec.Members[member])]);
    }

    private Classifier TeacherOf(Teacher named, DatasetInfo data, string label)
    {
        var teacher = Classifier.Create(named.Model, data, seed: 0);
        if (named.Origin is not { } origin)
            return teacher;
        var outcome = FeatureTransfer.Apply(teacher, OriginWeights.Read(runs, origin));
        if (outcome.Left.Count == 0)
            return teacher;
        teacher.Dispose();
        throw new MedTransferException($"{label}: the weights of the teacher are not those of a {named.Model.Architecture.Title} for these images ({outcome.Reasons()}): name its network.");
    }

    private static SplitOutput Measure(TrialSpec spec, nn.Module model, Dataset data, SplitName name, Device device, Embedder embedder)
    {
        var split = data[name];
        if (model is Ensemble ensemble)
        {
            using var images = LabelledImages.On(device, split, LearningTask.Of(data.Info));
            var assessed = new EnsemblePredictor(ensemble).Assess(images);
            return new(assessed.Loss, assessed.Scores, assessed.Probabilities, null);
        }

        return spec.Objective.Measure(model, split, new(data.Info, spec.Model, spec.Transfer, device)
        {
            Options = spec.Fit,
            Embedder = embedder,
            Threads = spec.Threads,
            MostEmbeddings = !spec.HasEmbeddings || name == SplitName.Validation ? 0 : name == SplitName.Train ? TrialFolder.MostTrainEmbeddings : split.Count,
            MostReconstructions = name == SplitName.Test ? MostReconstructions : 0,
        });
    }

    /// <summary>
    /// Whether the first steps of a training, done twice, give the same bits on this device: cuDNN is told to see to that, but nobody answers
    /// for every other operation on a GPU, so that it is measured. Null where nothing is trained.
    /// </summary>
    internal bool? Repeats(TrialSpec spec, DataByRole data, Device device, CancellationToken cancellation) =>
        spec.Members.Count > 0 ? null : AreEqual(() => FirstSteps(spec, data, device, cancellation));

    /// <summary>Whether two calls give the same bytes under the same names.</summary>
    internal static bool AreEqual(Func<IReadOnlyDictionary<string, byte[]>> weights)
    {
        var (first, second) = (weights(), weights());
        return first.Count == second.Count
            && first.All(tensor => second.TryGetValue(tensor.Key, out var other) && tensor.Value.AsSpan().SequenceEqual(other));
    }

    // an epoch of a few batches, every option as it is, in the last phase
    private Dictionary<string, byte[]> FirstSteps(TrialSpec spec, DataByRole data, Device device, CancellationToken cancellation)
    {
        const int Batches = 4;
        var target = data.Target;
        var images = (int)Math.Min(Math.Max((long)Batches * spec.Fit.BatchSize, target.Info.Outputs), target.Train.Count);
        using var few = target.WithTrainSample(images, spec.Seed);
        var once = spec with
        {
            Transfer = spec.Transfer with { Phases = [spec.Transfer.Phases[^1]] },
            Fit = spec.Fit with { Epochs = 1, EarlyStopping = null, Keep = KeptEpoch.Last },
        };
        using var embedder = Embedder(spec, store: null, cancellation);
        using var model = Fit(once, spec.Describe(), data with { Target = few }, device, embedder, cancellation: cancellation).Model;
        return model.state_dict().ToDictionary(tensor => tensor.Key, tensor => tensor.Value.ToStored().Data.ToArray());
    }

    private static Embedder Embedder(TrialSpec spec, EmbeddingStore? store, CancellationToken cancellation) =>
        new(store, FormattableString.Invariant($"{Trial.NumericsVersion} {Processor.Here.Kind} {NativeTorch.Version()} {spec.Threads} {JsonSerializer.Serialize(spec.Model, TrialJson.WithoutWhereabouts)}"))
        {
            Cancellation = cancellation,
        };

    private TransferOutcome Transferred(nn.Module model, TransferPlan plan, string label)
    {
        if (plan.Origin is null)
            return TransferOutcome.None;
        var outcome = FeatureTransfer.Apply(model, OriginWeights.Read(runs, plan.Origin));
        return plan.Obstacle(outcome) is { } obstacle ? throw new MedTransferException($"{label}: {obstacle}") : outcome;
    }
}

/// <summary>The weights that an origin means.</summary>
internal static class OriginWeights
{
    /// <summary>By name.</summary>
    /// <exception cref="MedTransferException">They can't be read, or are not those that were meant.</exception>
    public static IReadOnlyDictionary<string, SafeTensor> Read(string runs, Origin origin)
    {
        switch (origin)
        {
            case TrialOrigin(var trial):
                return new TrialFolder(runs, trial).ReadWeights();
            case PublishedOrigin published:
                return published.Find().Read();
            default:
                var file = (WeightsOrigin)origin;
                file.RequireUnchanged();
                StateDict.RequireSound(file.Path);
                return WeightFile.Load(file.Path);
        }
    }
}
