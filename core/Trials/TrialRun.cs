using System.Diagnostics;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
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

        using var kind = KindOf(spec, device);
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
        var environment = TrialEnvironment.Now(spec, Source, fit.Seconds, clock.Elapsed.TotalSeconds);
        folder.Finish(model, fit, findings.Predictions, environment, metrics);
        return new TrialResult(trial, folder, metrics, environment, fit.History);
    }

    /// <summary>Trains as a trial does, reads no test image, and leaves nothing.</summary>
    public FitResult Fit(TrialSpec spec, CancellationToken cancellation)
    {
        var device = ComputeDevice.Open(spec.Device, spec.Threads);
        using var kind = KindOf(spec, device);
        Transferred(kind.Model, spec.Transfer, spec.Describe());
        kind.Model.to(device);
        return kind.Fit(null, _ => { }, cancellation);
    }

    private ITrialKind KindOf(TrialSpec spec, Device device) =>
        spec.Members.Count > 0 ? new EnsembleTrial(spec, Data, device, Runs)
        : spec.Model.Architecture == Architecture.Autoencoder ? new AutoencoderTrial(spec, Data, device)
        : new ClassifierTrial(spec, Data, device);

    private TransferOutcome Transferred(nn.Module model, TransferPlan plan, string label)
    {
        if (plan.Parent is null)
            return TransferOutcome.None;
        var outcome = FeatureTransfer.Apply(model, new TrialFolder(Runs, plan.Parent).ReadWeights());
        return plan.Obstacle(outcome) is { } obstacle ? throw new MedTransferException($"{label}: {obstacle}") : outcome;
    }
}
