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
        var fit = Fit(train, validation, checkpoint, onEpoch, cancellation);
        frozen.AssertUnchanged();
        return fit;
    }

    public TrialFindings Measure()
    {
        using var train = On(data.Train);
        using var validation = On(data.Validation);
        using var test = On(data.Test);
        var predictor = new Predictor(model);
        var (onTrain, onValidation, onTest) = (predictor.Assess(train, loss), predictor.Assess(validation, loss), predictor.Assess(test, loss));
        return new TrialFindings(Measured(onTrain), Measured(onValidation), Measured(onTest), new TrialPredictions(
            [
                new(SplitName.Train, data.Train.FileIndices, train.Labels, onTrain.Probabilities),
                new(SplitName.Validation, data.Validation.FileIndices, validation.Labels, onValidation.Probabilities),
                new(SplitName.Test, data.Test.FileIndices, test.Labels, onTest.Probabilities),
            ],
            Embeddings(predictor, train, TrialPredictions.MostTrainEmbeddings),
            Embeddings(predictor, test, null)));
    }

    public void Dispose() => model.Dispose();

    private FitResult Fit(
        LabelledImages train, LabelledImages validation, Checkpoint checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        if (spec.Fit.Solver == Solver.Convex)
            return new ConvexHead(loss, spec.Fit).Fit(model, train, validation, onEpoch, cancellation);
        using var learner = new ClassifierLearner(model, loss, train, validation, spec.Fit.Augmentation, spec.Fit.Balance);
        return new Trainer(spec.Fit, spec.Seed) { Checkpoint = checkpoint }.Fit(learner, onEpoch, cancellation);
    }

    private LabelledImages On(Split split) => LabelledImages.On(device, split, loss);

    private static SplitMetrics Measured(Assessment assessed) => new(assessed.Loss, assessed.Scores, null);

    private static float[,] Embeddings(Predictor predictor, LabelledImages images, int? limit)
    {
        using var embeddings = predictor.Embeddings(images.Images, limit);
        return embeddings.ToMatrix();
    }
}
