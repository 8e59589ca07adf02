using System.Diagnostics;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Runs one trial: data, model and plan, training, artefacts.</summary>
/// <param name="Source">Where the images come from.</param>
/// <param name="Data">The dataset of the spec, its sample drawn and its folds taken.</param>
/// <param name="Runs">The folder that holds the trials' folders.</param>
internal sealed record TrialRun(DatasetSource Source, Dataset Data, string Runs)
{
    public TrialResult Execute(Trial trial, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var spec = trial.Spec;
        var device = ComputeDevice.Open(spec.Device, spec.Threads);
        var folder = new TrialFolder(Runs, trial.Name);
        folder.Begin(spec);

        using var kind = KindOf(spec, Data, device);
        var model = kind.Model;
        var transfer = Transferred(model, spec.Transfer, trial.Label);
        model.to(device);
        var fit = kind.Fit(folder.Checkpoint, onEpoch, cancellation);

        // every choice has been made
        var findings = kind.Measure();
        var metrics = new TrialMetrics
        {
            Train = findings.Train,
            Validation = findings.Validation,
            Test = findings.Test,
            Epochs = fit.History.Count,
            KeptEpoch = fit.KeptEpoch,
            Parameters = model.parameters().Sum(parameter => parameter.numel()),
            TrainableParameters = model.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
            Transferred = transfer.Taken,
            NotTransferred = [.. transfer.Left.Select(layer => layer.ToString())],
        };
        var seconds = clock.Elapsed.TotalSeconds;
        var repeats = device.type == DeviceType.CPU ? null : Repeats(spec, device, cancellation);
        var environment = TrialEnvironment.Now(spec, Source, fit.Seconds, seconds, repeats);
        folder.Finish(model, fit, findings.Predictions, environment, metrics);
        return new TrialResult(trial, folder, metrics, environment, fit.History);
    }

    /// <summary>Trains as a trial does, reads no test image, and leaves nothing.</summary>
    public FitResult Fit(TrialSpec spec, CancellationToken cancellation)
    {
        var device = ComputeDevice.Open(spec.Device, spec.Threads);
        using var kind = KindOf(spec, Data, device);
        Transferred(kind.Model, spec.Transfer, spec.Describe());
        kind.Model.to(device);
        return kind.Fit(null, _ => { }, cancellation);
    }

    /// <summary>
    /// Whether the first steps of a training, done twice, give the same bits on this device: libtorch can be told to see to that, but not through
    /// TorchSharp, so that it is measured. Null where nothing is trained.
    /// </summary>
    internal bool? Repeats(TrialSpec spec, Device device, CancellationToken cancellation) =>
        spec.Members.Count > 0 ? null : AreEqual(() => FirstSteps(spec, device, cancellation));

    /// <summary>Whether two calls give the same bytes under the same names.</summary>
    internal static bool AreEqual(Func<IReadOnlyDictionary<string, byte[]>> weights)
    {
        var (first, second) = (weights(), weights());
        return first.Count == second.Count
            && first.All(tensor => second.TryGetValue(tensor.Key, out var other) && tensor.Value.AsSpan().SequenceEqual(other));
    }

    // an epoch of a few batches, every option as it is
    private Dictionary<string, byte[]> FirstSteps(TrialSpec spec, Device device, CancellationToken cancellation)
    {
        const int Batches = 4;
        var images = (int)Math.Min(Math.Max((long)Batches * spec.Fit.BatchSize, Data.Info.Outputs), Data.Train.Count);
        using var few = Data.WithTrainSample(images, spec.Seed);
        using var kind = KindOf(spec with { Fit = spec.Fit with { Epochs = 1, EarlyStopping = null, Keep = KeptEpoch.Last } }, few, device);
        Transferred(kind.Model, spec.Transfer, spec.Describe());
        kind.Model.to(device);
        kind.Fit(checkpoint: null, _ => { }, cancellation);
        return kind.Model.state_dict().ToDictionary(tensor => tensor.Key, tensor => tensor.Value.ToStored().Data.ToArray());
    }

    private ITrialKind KindOf(TrialSpec spec, Dataset data, Device device) =>
        spec.Members.Count > 0 ? new EnsembleTrial(spec, data, device, Runs)
        : spec.Model.Architecture == Architecture.Autoencoder ? new AutoencoderTrial(spec, data, device)
        : new ClassifierTrial(spec, data, device);

    private TransferOutcome Transferred(nn.Module model, TransferPlan plan, string label)
    {
        if (plan.Parent is null)
            return TransferOutcome.None;
        var outcome = FeatureTransfer.Apply(model, new TrialFolder(Runs, plan.Parent).ReadWeights());
        return plan.Obstacle(outcome) is { } obstacle ? throw new MedTransferException($"{label}: {obstacle}") : outcome;
    }
}
