using MedTransfer.Numerics;

namespace MedTransfer.Reduction;

/// <summary>Means of the columns of points, in double and in an order that no number of threads changes.</summary>
internal static class ColumnMeans
{
    private const int Parts = 16;

    /// <summary>Length d.</summary>
    internal static double[] Of(float[,] points, int? threads)
    {
        var (n, d) = (points.GetLength(0), points.GetLength(1));
        var sums = new double[Parts][];
        // A sum of far values is rounded by more than near ones differ.
        var origins = PointMatrix.Origins(points) ?? new double[d];
        FixedOrder.ForEachPart(Parts, threads, part =>
        {
            sums[part] = new double[d];
            var moved = new double[d];
            var (start, end) = FixedOrder.Range(n, part, Parts);
            for (var i = start; i < end; i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(points, i), origins, moved);
                DoubleVectors.Add(sums[part], 1, moved);
            }
        });
        var mean = new double[d];
        foreach (var sum in sums) DoubleVectors.Add(mean, 1.0 / n, sum);
        DoubleVectors.Add(mean, 1, origins);
        return mean;
    }
}
