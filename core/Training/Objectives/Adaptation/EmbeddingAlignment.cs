using MedTransfer.Models;
using MedTransfer.Transfer;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>Moves the embeddings of both domains together by a term beside the task's losses.</summary>
public abstract record EmbeddingAlignment : DomainAdaptation
{
    private protected EmbeddingAlignment(string name, string title) : base(name, title)
    {
    }

    /// <summary>What the term weighs beside the task's losses, above 0; default 1. Of DANN, the strength of the reversed gradient at the end of training, 1 in the paper.</summary>
    public double Weight { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        ArgumentNullException.ThrowIfNull(plan);
        base.Check(model, plan, fit);
        if (Weight is not (> 0 and <= float.MaxValue))
            throw Wrong(FormattableString.Invariant($"The weight of {Title} is {Weight}, but must be above 0"));
        if (plan.TrainsHeadAlone)
            throw Wrong($"{Title} moves embeddings: use a plan whose features train, some of them at least");
    }
}
