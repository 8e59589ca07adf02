using MedTransfer.Numerics;
using MedTransfer.Numerics.Eigenpairs;

namespace MedTransfer.Reduction.Linear;

/// <summary>The directions along which points spread most.</summary>
/// <param name="Squares">Sums of squares along each direction (squared singular values), largest first, 0 or more.</param>
/// <param name="Directions">(count, d), of length 1 and at right angles; the largest entry of each by size is positive.</param>
/// <param name="Total">Sum of squares along all directions there are.</param>
internal readonly record struct Spectrum(double[] Squares, double[][] Directions, double Total);

/// <summary>The scatter matrix of points round an origin, X^T X of x - origin, in double, and its largest eigenpairs: which directions the points spread along.</summary>
/// <param name="origin">Length d.</param>
internal sealed class Scatter(float[,] points, double[] origin, int? threads)
{
    private readonly int n = points.GetLength(0);
    private readonly int d = points.GetLength(1);

    /// <summary>Of directions, which places in single precision do not tell apart.</summary>
    private const double Tolerance = 1e-8;

    /// <summary>Points and columns up to which the exact solver takes a second at most.</summary>
    private const int MostExact = 1000;

    internal Spectrum Largest(int count, SpectralSolver solver, CancellationToken cancellation)
    {
        var least = Math.Min(n, d);
        var isExact = solver == SpectralSolver.Exact || (solver == SpectralSolver.Auto && (least <= MostExact || count > least / 10));
        return isExact ? ByGram(count, cancellation) : ByKrylov(count, cancellation);
    }

    /// <summary>From every entry of the smaller of X^T X and X X^T.</summary>
    private Spectrum ByGram(int count, CancellationToken cancellation)
    {
        var matrix = d <= n
            ? GramMatrix.Of(d, n, threads, (start, rows, stride, block) =>
            {
                for (var p = 0; p < rows; p++)
                    DoubleVectors.Subtract(PointMatrix.Row(points, start + p), origin, block.AsSpan(p * stride, stride));
            }, cancellation)
            : GramMatrix.Of(n, d, threads, (start, rows, stride, block) =>
            {
                for (var i = 0; i < n; i++)
                {
                    for (var p = 0; p < rows; p++) block[p * stride + i] = points[i, start + p] - origin[start + p];
                }
            }, cancellation);

        var total = 0.0;
        for (var i = 0; i < matrix.GetLength(0); i++) total += matrix[i, i];
        var (values, vectors) = SymmetricEigen.Largest(matrix, count, cancellation);
        return Finished(values, d <= n ? vectors : Directions(vectors), total);
    }

    /// <summary>From products with the points alone: memory is that of some dozens of directions.</summary>
    private Spectrum ByKrylov(int count, CancellationToken cancellation)
    {
        var (values, vectors) = new KrylovEigen(d, Multiply) { Threads = threads, Tolerance = Tolerance }.Largest(count, cancellation: cancellation);
        return Finished(values, vectors, Total());
    }

    private Spectrum Finished(double[] values, double[][] directions, double total)
    {
        Orthonormal.Complete(directions, d);
        foreach (var direction in directions) Signs.Fix(direction);
        // Rounding can leave an eigenvalue of nothing just below zero.
        return new Spectrum([.. values.Select(value => Math.Max(value, 0))], directions, total);
    }

    /// <summary>X^T (X v), in one pass over the points.</summary>
    private void Multiply(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products)
    {
        var given = vectors.ToArray();
        var sums = FixedOrder.Sums(n, given.Length * d, threads, (start, end, sum) =>
        {
            // four points at a time: what is read of a vector or a sum serves all of them
            var moved = new double[4][];
            for (var p = 0; p < moved.Length; p++) moved[p] = new double[d];
            for (var i = start; i < end; i += moved.Length)
            {
                for (var p = 0; p < moved.Length; p++)
                {
                    if (i + p < end) DoubleVectors.Subtract(PointMatrix.Row(points, i + p), origin, moved[p]);
                    else Array.Clear(moved[p]);
                }

                for (var k = 0; k < given.Length; k++)
                    DoubleVectors.AddFour(sum.Slice(k * d, d), DoubleVectors.DotFour(given[k], moved[0], moved[1], moved[2], moved[3]), moved[0], moved[1], moved[2], moved[3]);
            }
        });
        for (var k = 0; k < given.Length; k++) sums.AsSpan(k * d, d).CopyTo(products[k]);
    }

    private double Total() => FixedOrder.Sums(n, 1, threads, (start, end, sum) =>
    {
        var moved = new double[d];
        for (var i = start; i < end; i++)
        {
            DoubleVectors.Subtract(PointMatrix.Row(points, i), origin, moved);
            sum[0] += DoubleVectors.Dot(moved, moved);
        }
    })[0];

    /// <summary>X^T u for each eigenvector u of X X^T: the directions, not yet of length 1.</summary>
    private double[][] Directions(double[][] vectors)
    {
        var directions = new double[vectors.Length][];
        for (var k = 0; k < vectors.Length; k++)
        {
            var direction = directions[k] = new double[d];
            for (var i = 0; i < vectors[k].Length; i++)
            {
                for (var j = 0; j < d; j++) direction[j] += vectors[k][i] * (points[i, j] - origin[j]);
            }
        }

        return directions;
    }
}
