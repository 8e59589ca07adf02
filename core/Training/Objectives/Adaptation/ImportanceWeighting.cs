using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Transfer;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>
/// Importance weighting: source images are drawn the more often, the more images like them occur in the target, as a domain classifier tells
/// of embeddings as they are before training (<see cref="DensityRatio"/>); the mean loss of those drawn is that of weighted images.
/// </summary>
public sealed record ImportanceWeighting() : DomainAdaptation("importance-weighting", "importance weighting")
{
    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        base.Check(model, plan, fit);
        if (!UsesSourceLabels)
            throw Wrong("Importance weighting is of the source's labelled images: let it use their labels");
    }

    private protected override Tensor DrawWeights(Classifier model, ImageSet source, ImageSet target, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var predictor = new Predictor(model);
        return DensityRatio.Of(predictor.Embeddings(source), predictor.Embeddings(target), cancellation).cpu().MoveToOuterDisposeScope();
    }
}
