using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>Deep CORAL (Sun and Saenko 2016): embeddings of both domains shall have the same covariances.</summary>
public sealed record CorrelationAlignment() : DomainAdaptation("coral", "CORAL")
{
    /// <summary>What the distance of the covariances weighs beside the task's losses, above 0; default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        base.Check(model, plan, fit);
        Alignments.Check(Title, Weight, plan);
    }

    // one image has no covariance
    private protected override AlignmentTerm TermOf(Classifier model) => (target, source, _) =>
        (target.shape[0] < 2 || source.shape[0] < 2 ? target.sum().mul(Scalars.Kept(0)) : CovarianceDistance.Of(target, source)).mul(Scalars.Kept(Weight));
}
