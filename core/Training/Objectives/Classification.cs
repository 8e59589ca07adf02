using MedTransfer.Data.Resampling;
using MedTransfer.Models;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>Tells the labels of images: features and a linear head, trained by Adam, or the head alone by logistic regression.</summary>
internal sealed record Classification() : LabelObjective("classification")
{
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        if (fit.Solver != Solver.LogisticRegression)
            return;
        if (!plan.TrainsHeadAlone)
            throw Wrong("Logistic regression trains the head alone: use a plan whose features stay");
        if (plan.Phases.Count > 1)
            throw Wrong("Logistic regression has no epochs: use a plan of one phase");
        if (plan.Regulariser is not null || plan.Phases[0].RateFactors.Count > 0)
            throw Wrong("Logistic regression has a penalty of its own and no step size: leave the plan's regulariser and rate factors out");
    }

    public override FitResult Fit(nn.Module model, Fitting fitting)
    {
        var classifier = (Classifier)model;
        var (data, options) = (fitting.Data.Target, fitting.Options);
        using var train = On(fitting.Device, data.Train, data.Info);
        using var validation = On(fitting.Device, data.Validation, data.Info);
        if (options.Solver == Solver.LogisticRegression)
            return Converged(options, fitting.OnEpoch);

        // a training that goes on after a stop does so again, with the same bits, before it finds its weights as they were
        var head = fitting.Plan.Phases[0].ToConvergence ? Converged(options.ToConvergence(), onEpoch: null) : null;
        var epochs = head is null ? fitting : fitting with { Plan = fitting.Plan with { Phases = [.. fitting.Plan.Phases.Skip(1)] } };
        using var learner = new ClassifierLearner(classifier, train, validation)
        {
            Augmentation = options.Augmentation,
            Balance = options.Balance,
            Embedder = options.ThroughFrozenLayers ? null : fitting.Embedder,
        };
        var fit = epochs.Trainer.Fit(learner, fitting.OnEpoch, fitting.Cancellation);
        return head is null ? fit : fit with
        {
            Penalty = head.Penalty,
            Seconds = fit.Seconds + head.Seconds,
            EpochSeconds = [.. fit.EpochSeconds.Select((seconds, epoch) => epoch == 0 ? head.Seconds + seconds : seconds)],
        };

        FitResult Converged(FitOptions convex, Action<EpochRecord>? onEpoch)
        {
            var frozen = new FrozenWeights(model, fitting.Plan.Phases[0]);
            var grouped = convex.PenaltyChoice is null ? train : train with { Groups = ImageGroups.Of(data.Train, byPatient: true) };
            var fit = new LogisticRegression(convex) { Embedder = fitting.Embedder }.Fit(classifier, grouped, validation, onEpoch, fitting.Cancellation);
            frozen.AssertUnchanged();
            return fit;
        }
    }
}
