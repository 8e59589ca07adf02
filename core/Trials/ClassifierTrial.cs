using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Training;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Trains a classifier, and leaves its probabilities.</summary>
internal sealed class ClassifierTrial(TrialSpec spec, Dataset data, Device device) : ITrialKind
{
    private readonly Classifier model = Classifier.Create(spec.Model, data.Info, spec.Seed);
    private readonly LabelLoss loss = new(data.Info.Task ?? throw new InvalidOperationException("A classifier needs labels."));

    public nn.Module Model => model;

    public FitResult Fit(Checkpoint checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        using var train = On(data.Train);
        using var validation = On(data.Validation);
        var frozen = new FrozenWeights(model, spec.Transfer);
        using var learner = new ClassifierLearner(model, loss, train, validation, spec.Fit.Augmentation, spec.Fit.Balance);
        var fit = spec.Fit.Solver == Solver.Convex
            ? new ConvexHead(loss, spec.Fit).Fit(model, train, validation, onEpoch, cancellation)
            : new Trainer(spec.Fit, spec.Seed) { Checkpoint = checkpoint }.Fit(learner, onEpoch, cancellation);
        frozen.AssertUnchanged();
        return fit;
    }

    public TrialFindings Measure()
    {
        var predictor = new Predictor(model);
        return ClassifierFindings.Of(data, On, images => predictor.Assess(images, loss), predictor.Embeddings);
    }

    public void Dispose() => model.Dispose();

    private LabelledImages On(Split split) => LabelledImages.On(device, split, loss);
}
