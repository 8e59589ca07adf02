using System.Diagnostics;
using System.Text.Json.Serialization;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>TrAdaBoost (Dai et al. 2007) of two classes on embeddings that stay: a head by boosting on the labelled images of both domains.</summary>
public sealed record TransferBoosting() : SourceObjective("tradaboost", "TrAdaBoost")
{
    /// <summary>Regressions that are boosted, 2 to 1,000, of which the second half decides; default 20.</summary>
    public int Rounds { get; init; } = 20;

    private protected override bool LearnsFromSourceLabels => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsOfTwoClasses => true;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        base.Check(model, plan, fit);
        if (fit.Solver != Solver.LogisticRegression || !plan.TrainsHeadAlone || plan.Phases.Count > 1 || plan.Regulariser is not null || plan.Phases[0].RateFactors.Count > 0)
            throw Wrong($"{Title} boosts heads on embeddings that stay: use a plan of one phase that trains the head alone, without rates and regulariser, and logistic regression");
        if (fit.Balance != ClassBalance.None)
            throw Wrong($"{Title} weighs images by its own errors: leave the balance of classes out");
        if (Rounds is not (>= 2 and <= 1000))
            throw Wrong($"The number of rounds of {Title} is {Rounds}, but must be 2 to 1000");
    }

    /// <inheritdoc/>
    public override FitResult Fit(nn.Module model, Fitting fitting)
    {
        ArgumentNullException.ThrowIfNull(fitting);
        var clock = Stopwatch.StartNew();
        var classifier = (Classifier)model;
        var (data, given) = (fitting.Data.Target, fitting.Data.Source ?? throw new ArgumentException("The source's images are missing", nameof(fitting)));
        using var train = On(fitting.Device, data.Train, data.Info) with { Groups = ImageGroups.Of(data.Train, byPatient: true) };
        using var validation = On(fitting.Device, data.Validation, data.Info);
        using var source = On(fitting.Device, given.Train, given.Info);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var frozen = new FrozenWeights(model, fitting.Plan.Phases[0]);
        var predictor = new Predictor(classifier) { Embedder = fitting.Embedder, Depth = classifier.Layers.Names.Count };
        var ofTarget = predictor.Embeddings(train.Images);
        var both = new StandardColumns(cat([ofTarget, predictor.Embeddings(source.Images)]));
        var targets = both.Values.narrow(0, 0, train.Count);
        var penalty = new PenaltySearch(fitting.Options.PenaltyChoice ?? new(), ClassBalance.None)
            .Choose(PrincipalCoordinates.Of(targets - targets.mean([0L], keepdim: true)), train, classifier.Outputs, fitting.Cancellation);
        var classes = cat([train.Targets, source.Targets]).to(ScalarType.Float64);
        var boosted = TrAdaBoost.Fit(both.Values, classes, train.Count, Rounds, penalty?.InversePenalty ?? fitting.Options.InversePenalty, fitting.Cancellation);
        var half = boosted.Head.div(Scalars.Kept(2)).unsqueeze(0);
        classifier.SetHead(both.OfColumns(cat([half.neg(), half])));
        frozen.AssertUnchanged();
        clock.Stop();

        var trainLoss = train.Task.Loss(classifier.Logits(ofTarget), train.Targets).item<float>();
        var assessed = validation.Count == 0 ? null : predictor.Assess(validation);
        var record = new EpochRecord(1, null, trainLoss, assessed?.Loss, assessed?.Scores.Values ?? MetricValues.None);
        fitting.OnEpoch?.Invoke(record);
        return new FitResult([record], record.Epoch, clock.Elapsed.TotalSeconds) { EpochSeconds = [clock.Elapsed.TotalSeconds], Penalty = penalty };
    }
}
