using MedTransfer.Evaluation.Classification;
using MedTransfer.Numerics;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>What a model's predictions of a split are worth.</summary>
/// <param name="Loss">Mean loss over the images.</param>
/// <param name="Probabilities">(N, K), a row an image in file order.</param>
/// <param name="Scores">Scores of those probabilities.</param>
public sealed record Assessment(double Loss, float[,] Probabilities, Scores Scores)
{
    /// <summary>Of logits (N, K) of all the images, in file order.</summary>
    internal static Assessment Of(Tensor logits, LabelledImages images)
    {
        using var scope = NewDisposeScope();
        return Of(logits, images.Task.Probabilities(logits), images);
    }

    /// <summary>Of logits for the loss and probabilities for the scores, both (N, K).</summary>
    internal static Assessment Of(Tensor logits, Tensor probabilities, LabelledImages images)
    {
        using var scope = NewDisposeScope();
        var values = probabilities.ToMatrix();
        return new(images.Task.Loss(logits, images.Targets).item<float>(), values, images.Task.Scores(values, images.Labels));
    }
}

/// <summary>What a model made of a split's images, all from one pass.</summary>
/// <param name="Loss">Mean loss over the images.</param>
/// <param name="Scores">What is reported of the split.</param>
/// <param name="Probabilities">(N, K); (N, 0) where nothing is predicted.</param>
/// <param name="Embeddings">(N, D), or those of the first images; null where there are none, or none were asked for.</param>
public sealed record SplitOutput(double Loss, Scores Scores, float[,] Probabilities, float[,]? Embeddings)
{
    /// <summary>The first images as they were drawn again, (n, C, S, S) from 0 to 255; null where none were.</summary>
    public byte[,,,]? Reconstructions { get; init; }
}
