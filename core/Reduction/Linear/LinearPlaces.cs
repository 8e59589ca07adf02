using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Linear;

/// <summary>Places of points along directions: (x - origin) . direction, in units of each direction's own.</summary>
/// <param name="origin">Length d.</param>
/// <param name="directions">(components, d)</param>
/// <param name="units">What a place is divided by, a direction each; 1 each where null.</param>
internal sealed class LinearPlaces(double[] origin, double[][] directions, double[]? units, int? threads)
{
    private const int RowBlock = 512;

    /// <summary>(m, components)</summary>
    internal float[,] Of(float[,] points)
    {
        var places = new float[points.GetLength(0), directions.Length];
        FixedOrder.ForEachPart((places.GetLength(0) + RowBlock - 1) / RowBlock, threads, block =>
        {
            var moved = new double[origin.Length];
            for (var i = block * RowBlock; i < Math.Min(places.GetLength(0), (block + 1) * RowBlock); i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(points, i), origin, moved);
                for (var k = 0; k < directions.Length; k++) places[i, k] = (float)(DoubleVectors.Dot(moved, directions[k]) / (units?[k] ?? 1));
            }
        });
        return places;
    }

    /// <summary>(m, d): origin + the sum of place times unit times direction, for directions at right angles and of length 1.</summary>
    internal float[,] Inverse(float[,] places)
    {
        var points = new float[places.GetLength(0), origin.Length];
        var point = new double[origin.Length];
        for (var i = 0; i < places.GetLength(0); i++)
        {
            origin.CopyTo(point, 0);
            for (var k = 0; k < directions.Length; k++) DoubleVectors.Add(point, places[i, k] * (units?[k] ?? 1), directions[k]);
            for (var j = 0; j < point.Length; j++) points[i, j] = (float)point[j];
        }

        return points;
    }
}
