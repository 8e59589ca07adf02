using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>A point as a weighted mean of those near it.</summary>
internal static class Barycentre
{
    /// <summary>Inner products of the neighbours' differences from a point, (k, k).</summary>
    /// <param name="queries">The point is row <paramref name="row"/> of these.</param>
    internal static double[,] Products(float[,] points, float[,] queries, int row, ReadOnlySpan<int> neighbours)
    {
        var width = points.GetLength(1);
        var origin = new double[width];
        for (var j = 0; j < width; j++) origin[j] = queries[row, j];
        var differences = new double[neighbours.Length][];
        for (var a = 0; a < differences.Length; a++)
        {
            differences[a] = new double[width];
            DoubleVectors.Subtract(PointMatrix.Row(points, neighbours[a]), origin, differences[a]);
        }

        var products = new double[differences.Length, differences.Length];
        for (var a = 0; a < differences.Length; a++)
        {
            for (var b = 0; b <= a; b++) products[a, b] = products[b, a] = DoubleVectors.Dot(differences[a], differences[b]);
        }

        return products;
    }

    /// <summary>Weights of sum 1 whose mean of the neighbours lies nearest to the point, those of small size preferred.</summary>
    /// <param name="products">As <see cref="Products"/> gives them; overwritten.</param>
    /// <param name="regularisation">Added to their diagonal, over its sum.</param>
    internal static double[] Weights(double[,] products, double regularisation)
    {
        var k = products.GetLength(0);
        var trace = 0.0;
        for (var a = 0; a < k; a++) trace += products[a, a];
        for (var a = 0; a < k; a++) products[a, a] += trace > 0 ? regularisation * trace : 1;
        var ones = new double[k];
        Array.Fill(ones, 1);
        var weights = Cholesky.Of(products).Solve(ones);
        DoubleVectors.Scale(weights, 1 / weights.Sum());
        return weights;
    }
}
