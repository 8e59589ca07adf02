using MedTransfer.Reduction;

namespace MedTransfer.Evaluation;

/// <summary>What the scores of embeddings ask of their inputs.</summary>
internal static class LabelledPoints
{
    internal static void Require(float[,] points, IReadOnlyList<int> labels, string score)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(labels);
        if (points.GetLength(0) == 0 || points.GetLength(1) == 0)
            throw new MedTransferException(
                $"{score} got points of {points.GetLength(0)} rows and {points.GetLength(1)} columns: give at least one of each.");
        if (labels.Count != points.GetLength(0))
            throw new MedTransferException($"{score} got {points.GetLength(0)} points and {labels.Count} labels: give one label a point.");
        PointMatrix.RequireFinite(points, score);
    }
}
