using MedTransfer.Evaluation.Classification;
using MedTransfer.Numerics;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>What a model's predictions of a split are worth.</summary>
/// <param name="Loss">Mean loss over the images.</param>
/// <param name="Probabilities">(N, K), a row an image in file order.</param>
/// <param name="Scores">Scores of those probabilities.</param>
public sealed record Assessment(double Loss, float[,] Probabilities, Scores Scores)
{
    /// <summary>Of logits (N, K) of all the images, in file order.</summary>
    internal static Assessment Of(Tensor logits, LabelledImages images, LabelLoss loss)
    {
        var probabilities = loss.Probabilities(logits).ToMatrix();
        return new(loss.Of(logits, images.Images.Targets).item<float>(), probabilities, loss.Scores(probabilities, images.Labels));
    }
}
