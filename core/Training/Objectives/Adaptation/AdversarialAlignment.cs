using MedTransfer.Data;
using MedTransfer.Models;
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

    private protected override AlignmentTerm TermOf(Classifier model)
    {
        var domain = model.Attached(DomainPart);
        return (target, source, progress) =>
        {
            var embeddings = GradientReversal.Of(cat([target, source]), Weight * GradientReversal.StrengthAt(progress));
            var isTarget = cat([ones_like(target.narrow(1, 0, 1)), zeros_like(source.narrow(1, 0, 1))]);
            return nn.functional.binary_cross_entropy_with_logits(domain.call(embeddings), isTarget);
        };
    }
}
