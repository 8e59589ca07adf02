using MedTransfer.Numerics;
using MedTransfer.Reduction;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>
/// Mean and covariance of points, and how far other points lie from them: Mahalanobis distances. The covariance is shrunk towards equal variances, by as much as Ledoit and Wolf
/// (2004) derive from the points themselves, so that it can be inverted where points are fewer than columns.
/// </summary>
/// <param name="Mean">D numbers.</param>
/// <param name="Covariance">(D, D), symmetric, all eigenvalues above 0.</param>
/// <param name="Shrinkage">How much of it is the mean variance on the diagonal, 0 to 1; null where it was read from a file, which does not say.</param>
public sealed record PointCloud(double[] Mean, double[,] Covariance, double? Shrinkage)
{
    private readonly Lazy<Cholesky> factor = new(() => Cholesky.Of(Covariance));

    /// <summary>D, columns of its points.</summary>
    public int Columns => Mean.Length;

    /// <summary>Of points that are not all the same.</summary>
    /// <param name="points">(N, D), N 2 or more.</param>
    public static PointCloud Of(float[,] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        PointMatrix.RequireFinite(points, "A cloud of points");
        var (count, columns) = (points.GetLength(0), points.GetLength(1));
        var (mean, centred) = (new double[columns], new double[columns][]);
        Parallel.For(0, columns, column =>
        {
            var values = centred[column] = new double[count];
            for (var row = 0; row < count; row++)
                values[row] = points[row, column];
            mean[column] = values.Average();
            for (var row = 0; row < count; row++)
                values[row] -= mean[column];
        });
        var covariance = new double[columns, columns];
        Parallel.For(0, columns, i =>
        {
            for (var j = 0; j <= i; j++)
                covariance[i, j] = covariance[j, i] = DoubleVectors.Dot(centred[i], centred[j]) / count;
        });
        var variance = Enumerable.Range(0, columns).Sum(column => covariance[column, column]) / columns;
        if (!(variance > 0))
            throw new ArgumentException("All points are the same: there is no distance from them", nameof(points));
        var shrinkage = ShrinkageOf(centred, covariance, variance);
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
                covariance[i, j] = (1 - shrinkage) * covariance[i, j] + (i == j ? shrinkage * variance : 0);
        }

        return new(mean, covariance, shrinkage);
    }

    /// <summary>Mahalanobis distance of a point from the mean, 0 or more, in standard deviations.</summary>
    /// <param name="point">D numbers.</param>
    public double DistanceOf(ReadOnlySpan<float> point)
    {
        if (point.Length != Columns)
            throw new ArgumentException($"The point has {point.Length} columns, those of the cloud {Columns}", nameof(point));
        var difference = new double[Columns];
        DoubleVectors.Subtract(point, Mean, difference);
        return Math.Sqrt(factor.Value.InverseForm(difference));
    }

    private static double ShrinkageOf(double[][] centred, double[,] covariance, double variance)
    {
        var count = centred[0].Length;
        var squares = new double[count];
        foreach (var column in centred)
        {
            for (var row = 0; row < count; row++)
                squares[row] += column[row] * column[row];
        }

        var (norm, distance) = (0.0, 0.0);
        for (var i = 0; i < centred.Length; i++)
        {
            for (var j = 0; j < centred.Length; j++)
            {
                norm += covariance[i, j] * covariance[i, j];
                var other = covariance[i, j] - (i == j ? variance : 0);
                distance += other * other;
            }
        }

        return LedoitWolf.Shrinkage(count, squares.Sum(square => square * square), norm, distance);
    }
}
