using MedTransfer.Numerics;

namespace MedTransfer.Reduction;

/// <summary>Means of the columns of points, in double and in an order that no number of threads changes.</summary>
internal static class ColumnMeans
{
    /// <summary>Length d.</summary>
    internal static double[] Of(float[,] points, int? threads)
    {
        var (n, d) = (points.GetLength(0), points.GetLength(1));
        // A sum of far values is rounded by more than near ones differ.
        var origins = PointMatrix.Origins(points) ?? new double[d];
        var mean = FixedOrder.Sums(n, d, threads, (start, end, sum) =>
        {
            var moved = new double[d];
            for (var i = start; i < end; i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(points, i), origins, moved);
                DoubleVectors.Add(sum, 1, moved);
            }
        });
        DoubleVectors.Scale(mean, 1.0 / n);
        DoubleVectors.Add(mean, 1, origins);
        return mean;
    }
}
