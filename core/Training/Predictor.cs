using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>What a model says of a set of images, in file order, without gradients and in evaluation mode.</summary>
/// <param name="Model">The model; its mode is left as evaluation.</param>
public sealed record Predictor(Classifier Model)
{
    /// <summary>Loss, probabilities and scores of labelled images.</summary>
    public Assessment Assess(LabelledImages images, LabelLoss loss)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Assessment.Of(Inference.Map(Model, images.Images, Model.forward), images, loss);
    }

    /// <summary>Embeddings of the first <paramref name="limit"/> images, of all without a limit: float32 (n, D).</summary>
    public Tensor Embeddings(ImageSet images, int? limit = null) => Inference.Map(Model, images, Model.Features.call, limit);
}
