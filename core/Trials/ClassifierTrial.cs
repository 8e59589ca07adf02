using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Trains a classifier, and leaves its probabilities.</summary>
internal sealed class ClassifierTrial(TrialSpec spec, Dataset data, Device device) : ITrialKind
{
    private readonly Classifier model = Classifier.Create(spec.Model, data.Info, spec.Seed);
    private readonly LabelLoss loss = new(data.Info.Task ?? throw new InvalidOperationException("A classifier needs labels."), data.Info.PositiveClass);

    public nn.Module Model => model;

    public FitResult Fit(Checkpoint? checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        using var train = On(data.Train);
        using var validation = On(data.Validation);
        var frozen = new FrozenWeights(model, spec.Transfer);
        var fit = Fit(train, validation, checkpoint, onEpoch, cancellation);
        frozen.AssertUnchanged();
        return fit;
    }

    public TrialFindings Measure()
    {
        var predictor = new Predictor(model);
        return ClassifierFindings.Of(data, On, images => predictor.Assess(images, loss), spec.HasEmbeddings ? predictor.Embeddings : null);
    }

    public void Dispose() => model.Dispose();

    private FitResult Fit(
        LabelledImages train, LabelledImages validation, Checkpoint? checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        if (spec.Fit.Solver == Solver.Convex)
            return new ConvexHead(loss, spec.Fit).Fit(model, train, validation, onEpoch, cancellation);
        var trainer = new Trainer(spec.Fit, spec.Seed) { Checkpoint = checkpoint };
        if (spec.EmbedsOnce)
        {
            using var headAlone = new FrozenFeatureLearner(model, loss, train, validation, spec.Fit.Balance);
            return trainer.Fit(headAlone, onEpoch, cancellation);
        }

        using var learner = new ClassifierLearner(model, loss, train, validation, spec.Fit.Augmentation, spec.Fit.Balance);
        return trainer.Fit(learner, onEpoch, cancellation);
    }

    private LabelledImages On(Split split) => LabelledImages.On(device, split, loss);
}
