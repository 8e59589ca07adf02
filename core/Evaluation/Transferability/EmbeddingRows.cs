using MedTransfer.Numerics;
using MedTransfer.Reduction;

namespace MedTransfer.Evaluation.Transferability;

/// <summary>Embeddings less an origin, X (N, D) in double, a row an image, and their products.</summary>
/// <param name="embeddings">(N, D), at least one of each.</param>
/// <param name="origin">D numbers.</param>
internal sealed class EmbeddingRows(float[,] embeddings, double[] origin)
{
    /// <summary>Less the mean of each column.</summary>
    internal static EmbeddingRows Centred(float[,] embeddings) => new(embeddings, ColumnMeans.Of(embeddings, null));

    /// <summary>N.</summary>
    internal int Count => embeddings.GetLength(0);

    /// <summary>D.</summary>
    internal int Width => embeddings.GetLength(1);

    /// <summary>Writes the D numbers of an image.</summary>
    internal void Copy(int image, Span<double> row) => DoubleVectors.Subtract(PointMatrix.Row(embeddings, image), origin, row);

    /// <summary>X^T X, (D, D).</summary>
    internal double[,] OfColumns() => GramMatrix.Of(Width, Count, null, (start, count, stride, block) =>
    {
        for (var p = 0; p < count; p++) Copy(start + p, block.AsSpan(p * stride, Width));
    });

    /// <summary>X X^T, (N, N).</summary>
    internal double[,] OfImages() => GramMatrix.Of(Count, Width, null, (start, count, stride, block) =>
    {
        for (var i = 0; i < Count; i++)
        {
            for (var p = 0; p < count; p++) block[p * stride + i] = embeddings[i, start + p] - origin[start + p];
        }
    });

    /// <summary>|x|^2 of each image.</summary>
    internal double[] SquaredLengths()
    {
        var (lengths, row) = (new double[Count], new double[Width]);
        for (var i = 0; i < lengths.Length; i++)
        {
            Copy(i, row);
            lengths[i] = DoubleVectors.Dot(row, row);
        }

        return lengths;
    }

    /// <summary>X^T y, length D.</summary>
    /// <param name="target">y, a number an image.</param>
    internal double[] Times(double[] target)
    {
        var (product, row) = (new double[Width], new double[Width]);
        for (var i = 0; i < target.Length; i++)
        {
            if (target[i] == 0) continue;
            Copy(i, row);
            DoubleVectors.Add(product, target[i], row);
        }

        return product;
    }
}
