using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>Deep adaptation (Long, Cao, Wang and Jordan, ICML 2015) of the embedding: both domains' shall be one distribution as kernels see it, by their maximum mean discrepancy.</summary>
public sealed record DiscrepancyAlignment() : DomainAdaptation("mmd", "MMD")
{
    /// <summary>What the squared discrepancy weighs beside the task's losses, above 0; default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        base.Check(model, plan, fit);
        Alignments.Check(Title, Weight, plan);
    }

    private protected override AlignmentTerm TermOf(Classifier model) => (target, source, _) => MeanDiscrepancy.Of(target, source).mul(Scalars.Kept(Weight));
}
