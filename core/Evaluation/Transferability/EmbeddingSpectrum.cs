using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Evaluation.Transferability;

/// <summary>
/// What a regression on embeddings needs of them, X = U S V^T: the squared singular values, and how far a target lies along each column of U. From the eigenpairs of the smaller of X^T X
/// and X X^T: memory is its square, time its cube.
/// </summary>
internal sealed class EmbeddingSpectrum
{
    /// <summary>Of the largest squared singular value; single precision holds nothing below.</summary>
    private const double Negligible = 1e-12;

    private readonly EmbeddingRows _rows;
    private readonly double[][] _vectors;

    internal EmbeddingSpectrum(EmbeddingRows rows)
    {
        _rows = rows;
        var (values, vectors) = SymmetricEigen.Largest(IsWide ? rows.OfImages() : rows.OfColumns(), Math.Min(rows.Count, rows.Width));
        var rank = values.Count(value => value > Negligible * values[0]);
        (Squares, _vectors) = (values[..rank], vectors[..rank]);
    }

    private bool IsWide => _rows.Width > _rows.Count;

    /// <summary>Squared singular values, largest first, as many as the rank.</summary>
    internal double[] Squares { get; }

    /// <summary>u . y of each column u of U, as many as the rank.</summary>
    /// <param name="target">y, a number an image.</param>
    internal double[] Along(double[] target)
    {
        if (IsWide) return [.. _vectors.Select(vector => DoubleVectors.Dot(vector, target))];
        var product = _rows.Times(target);   // u = X v / s
        return [.. _vectors.Select((vector, k) => DoubleVectors.Dot(vector, product) / Math.Sqrt(Squares[k]))];
    }
}
