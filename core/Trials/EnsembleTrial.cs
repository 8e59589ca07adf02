using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Training;
using MedTransfer.Trials.Artefacts;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Trains nothing: takes finished trials together, and leaves the mean of their probabilities.</summary>
internal sealed class EnsembleTrial(TrialSpec spec, Dataset data, Device device, string runs) : ITrialKind
{
    private readonly Ensemble model = Ensemble.Of(spec.Model, data.Info, spec.Members.Select(member => new TrialFolder(runs, member).ReadWeights()));
    private readonly LabelLoss loss = new(data.Info.Task ?? throw new InvalidOperationException("Classifiers need labels."), data.Info.PositiveClass);

    public nn.Module Model => model;

    public FitResult Fit(Checkpoint? checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation) => new([], 0, 0);

    public TrialFindings Measure() => ClassifierFindings.Of(
        data,
        split => LabelledImages.On(device, split, loss),
        images => new EnsemblePredictor(model).Assess(images, loss),
        embed: null);

    public void Dispose() => model.Dispose();
}
