using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Transfer.Adaptation;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>Deep adaptation (Long, Cao, Wang and Jordan, ICML 2015) of the embedding: both domains' shall be one distribution as kernels see it, by their maximum mean discrepancy.</summary>
public sealed record DiscrepancyAlignment() : EmbeddingAlignment("mmd", "MMD")
{
    private protected override Alignment AlignmentOf(Classifier model) => (target, source, _) => new(MeanDiscrepancy.Of(target, source).mul(Scalars.Kept(Weight)));
}
