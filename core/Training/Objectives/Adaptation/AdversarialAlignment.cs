using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>
/// DANN (Ganin et al., JMLR 17, 2016): a small network learns to tell the domain of an embedding, and the features learn that it can't, as its gradient reaches
/// them reversed, ever stronger as training goes on (<see cref="GradientReversal.StrengthAt"/>).
/// </summary>
public sealed record AdversarialAlignment() : EmbeddingAlignment("dann", "DANN")
{
    /// <summary>The part that tells domains: its weights are kept with the model's, and ask for nothing of who uses it.</summary>
    internal const string DomainPart = "domain";

    /// <summary>Units of the domain classifier's hidden layer, at least 1; default 100, as in the paper.</summary>
    public int Hidden { get; init; } = 100;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        base.Check(model, plan, fit);
        if (Hidden < 1)
            throw Wrong($"The hidden layer of {Title} has {Hidden} units, but must have at least 1");
    }

    /// <inheritdoc/>
    public override nn.Module Create(ModelOptions model, DatasetInfo data, long seed)
    {
        var classifier = Classifier.Create(model, data, seed);
        classifier.Attach(DomainPart, nn.Sequential(nn.Linear(classifier.EmbeddingWidth, Hidden), nn.ReLU(), nn.Linear(Hidden, 1)));
        return classifier;
    }

    // it trains with whatever trains
    internal override TransferPlan PlanOf(TransferPlan plan) => plan with { Phases = [.. plan.Phases.Select(phase => phase.Training([.. phase.Trained, DomainPart]))] };

    private protected override Alignment AlignmentOf(Classifier model)
    {
        var domain = model.Attached(DomainPart);
        return (target, source, progress) =>
        {
            var embeddings = GradientReversal.Of(cat([target, source]), Weight * GradientReversal.StrengthAt(progress));
            var isTarget = cat([ones_like(target.narrow(1, 0, 1)), zeros_like(source.narrow(1, 0, 1))]);
            var logits = domain.call(embeddings);
            return new(nn.functional.binary_cross_entropy_with_logits(logits, isTarget), AccuracyOf(logits.detach(), target.shape[0]));
        };
    }

    // the mean of the two shares that are told right, as the domains' batches may be of other sizes
    private static Tensor AccuracyOf(Tensor logits, long targets)
    {
        var isTold = logits.gt(Scalars.Kept(0)).to(ScalarType.Float32);
        var (ofTarget, ofSource) = (isTold.narrow(0, 0, targets).mean(), isTold.narrow(0, targets, logits.shape[0] - targets).mean());
        return ofTarget.add(ofSource, Scalars.Kept(-1)).add_(Scalars.One, Scalars.One).div_(Scalars.Kept(2));
    }
}
