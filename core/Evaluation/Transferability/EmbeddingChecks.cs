using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction;

namespace MedTransfer.Evaluation.Transferability;

/// <summary>What the measures of transferability ask of embeddings and labels.</summary>
internal static class EmbeddingChecks
{
    /// <summary>Refuses other than one class an image, fewer than two classes, and embeddings that are not finite or all the same.</summary>
    internal static void RequireClasses(float[,] embeddings, IReadOnlyList<int> labels, string measure)
    {
        LabelledPoints.Require(embeddings, labels, measure);
        RequireSeveral(labels, measure);
        RequireVarying(embeddings, measure);
    }

    /// <summary>Refuses labels of fewer than two classes.</summary>
    internal static void RequireSeveral(IReadOnlyList<int> labels, string measure)
    {
        if (labels.All(label => label == labels[0]))
            throw new MedTransferException($"{measure} got labels of one class: give images of two or more.");
    }

    /// <summary>Refuses embeddings that are not finite, have no columns, or are all the same.</summary>
    internal static void RequireVarying(float[,] embeddings, string measure)
    {
        PointMatrix.RequireFinite(embeddings, measure);
        if (OnePlace.Holds(embeddings))
            throw new MedTransferException($"{measure} got {embeddings.GetLength(0)} embeddings that are all the same: give those of a network that tells images apart.");
    }
}
