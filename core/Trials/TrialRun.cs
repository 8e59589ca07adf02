using System.Diagnostics;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
using TorchSharp;

namespace MedTransfer.Trials;

/// <summary>Runs one trial: data, model and plan, training, artefacts.</summary>
/// <param name="Source">Where the images come from.</param>
/// <param name="Data">The dataset of the spec, its sample drawn and its folds taken.</param>
/// <param name="Runs">The folder that holds the trials' folders.</param>
internal sealed record TrialRun(DatasetSource Source, Dataset Data, string Runs)
{
    private const int MostTrainEmbeddings = 10_000;

    public TrialResult Execute(Trial trial, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var spec = trial.Spec;
        var loss = new LabelLoss(Data.Info.Task ?? throw new InvalidOperationException("A classifier needs labels."));
        var device = ComputeDevice.Open(spec.Device, spec.Threads);
        var folder = new TrialFolder(Runs, trial.Name);
        folder.Begin(spec);

        using var model = Classifier.Create(spec.Model, Data.Info, spec.Seed);
        var transfer = Transferred(model, spec.Transfer);
        model.to(device);
        var frozen = new FrozenWeights(model, spec.Transfer);
        using var train = LabelledImages.On(device, Data.Train, loss);
        using var validation = LabelledImages.On(device, Data.Validation, loss);
        var fit = Fit(model, loss, spec, train, validation, folder.Checkpoint, onEpoch, cancellation);
        frozen.AssertUnchanged();

        // every choice has been made: now, and only here, the test split is read
        using var test = LabelledImages.On(device, Data.Test, loss);
        var predictor = new Predictor(model);
        var (onTrain, onValidation, onTest) = (predictor.Assess(train, loss), predictor.Assess(validation, loss), predictor.Assess(test, loss));
        var metrics = new TrialMetrics
        {
            Train = Measured(onTrain),
            Validation = Measured(onValidation),
            Test = Measured(onTest),
            Epochs = fit.History.Count,
            KeptEpoch = fit.KeptEpoch,
            Parameters = model.parameters().Sum(parameter => parameter.numel()),
            TrainableParameters = model.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
            Transferred = transfer.Taken,
            NotTransferred = transfer.Left,
        };
        var predictions = new TrialPredictions(
            [
                new(SplitName.Train, Data.Train.FileIndices, train.Labels, onTrain.Probabilities),
                new(SplitName.Validation, Data.Validation.FileIndices, validation.Labels, onValidation.Probabilities),
                new(SplitName.Test, Data.Test.FileIndices, test.Labels, onTest.Probabilities),
            ],
            Embeddings(predictor, train, MostTrainEmbeddings),
            Embeddings(predictor, test, null));
        var environment = TrialEnvironment.Now(spec, Source, fit.Seconds, clock.Elapsed.TotalSeconds);
        folder.Finish(model, fit, predictions, environment, metrics);
        return new TrialResult(trial, folder, metrics, environment, fit.History);
    }

    private TransferOutcome Transferred(Classifier model, TransferPlan plan) => plan.Parent is null
        ? new TransferOutcome([], [])
        : FeatureTransfer.Apply(model, new TrialFolder(Runs, plan.Parent).ReadWeights());

    private static FitResult Fit(
        Classifier model, LabelLoss loss, TrialSpec spec, LabelledImages train, LabelledImages validation,
        Checkpoint checkpoint, Action<EpochRecord> onEpoch, CancellationToken cancellation)
    {
        if (spec.Fit.Solver == Solver.Convex)
            return new ConvexHead(loss, spec.Fit).Fit(model, train, validation, onEpoch, cancellation);
        using var learner = new ClassifierLearner(model, loss, train, validation, spec.Fit.Augmentation, spec.Fit.Balance);
        return new Trainer(spec.Fit, spec.Seed) { Checkpoint = checkpoint }.Fit(learner, onEpoch, cancellation);
    }

    private static SplitMetrics Measured(Assessment assessed) => new(assessed.Loss, assessed.Scores);

    private static float[,] Embeddings(Predictor predictor, LabelledImages images, int? limit)
    {
        using var embeddings = predictor.Embeddings(images.Images, limit);
        return embeddings.ToMatrix();
    }
}
