using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Transfer.Adaptation;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>Deep CORAL (Sun and Saenko 2016): embeddings of both domains shall have the same covariances.</summary>
public sealed record CorrelationAlignment() : EmbeddingAlignment("coral", "CORAL")
{
    // one image has no covariance
    private protected override Alignment AlignmentOf(Classifier model) => (target, source, _) =>
        new((target.shape[0] < 2 || source.shape[0] < 2 ? target.sum().mul(Scalars.Kept(0)) : CovarianceDistance.Of(target, source)).mul(Scalars.Kept(Weight)));
}
