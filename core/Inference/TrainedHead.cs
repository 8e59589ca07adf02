using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Numerics;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>The last layer of a trained classifier by itself, for embeddings that its features have made already.</summary>
public static class TrainedHead
{
    /// <summary>What it says of each image: the softmax of its logits, (N, Z), Z being the classes that it was trained on.</summary>
    /// <param name="weights">Of the classifier by name; what is not of its head is left aside.</param>
    /// <param name="embeddings">(N, D), of the features that the head was trained on.</param>
    /// <exception cref="MedTransferException">There is no head among the weights, or it takes embeddings of another width.</exception>
    public static float[,] Probabilities(IReadOnlyDictionary<string, SafeTensor> weights, float[,] embeddings)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(embeddings);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (weight, bias) = (Part("weight"), Part("bias"));
        if (weight.shape is not [_, var width] || width != embeddings.GetLength(1))
            throw new MedTransferException($"The head takes weights of ({string.Join(", ", weight.shape)}), but embeddings are {embeddings.GetLength(1)} values wide: take those of the same network.");
        return nn.functional.linear(tensor(embeddings), weight, bias).softmax(-1).ToMatrix();

        Tensor Part(string name) => weights.TryGetValue($"{Classifier.HeadPart}.{name}", out var stored)
            ? stored.ToTensor()
            : throw new MedTransferException($"The weights have no {Classifier.HeadPart}.{name}: take those of a classifier.");
    }
}
