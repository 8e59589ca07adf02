namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>
/// An order of points in which neighbours in the list are neighbours in space: halved along the widest column again and again until
/// a half is one block (Friedman, Bentley and Finkel's k-d tree, ACM Trans. Math. Softw. 3, 1977, of which only the order is kept).
/// </summary>
internal static class SpatialOrder
{
    /// <summary>Row numbers; every <paramref name="blockSize"/> of them, from the first, are a block of the tree.</summary>
    /// <param name="coordinates">A point's columns after the other's.</param>
    internal static int[] Of(float[] coordinates, int columns, int blockSize)
    {
        var order = new int[coordinates.Length / columns];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Split(order.AsSpan());
        return order;

        void Split(Span<int> rows)
        {
            if (rows.Length <= blockSize) return;
            var blocks = (rows.Length + blockSize - 1) / blockSize;
            var half = blocks / 2 * blockSize;
            var column = Widest(rows, coordinates, columns);
            var keys = new ulong[rows.Length];
            for (var i = 0; i < keys.Length; i++) keys[i] = NeighbourKey.Of(coordinates[rows[i] * columns + column], rows[i]);
            Quickselect.Smallest(keys, half);
            for (var i = 0; i < keys.Length; i++) rows[i] = NeighbourKey.Row(keys[i]);
            Split(rows[..half]);
            Split(rows[half..]);
        }
    }

    /// <summary>The column of largest variance.</summary>
    private static int Widest(ReadOnlySpan<int> rows, float[] coordinates, int columns)
    {
        Span<double> sums = new double[columns], squares = new double[columns];
        foreach (var row in rows)
        {
            var point = coordinates.AsSpan(row * columns, columns);
            for (var j = 0; j < columns; j++)
            {
                sums[j] += point[j];
                squares[j] += (double)point[j] * point[j];
            }
        }
        var (widest, largest) = (0, double.NegativeInfinity);
        for (var j = 0; j < columns; j++)
        {
            var variance = squares[j] - sums[j] * sums[j] / rows.Length;
            if (variance > largest) (widest, largest) = (j, variance);
        }
        return widest;
    }
}

/// <summary>The permutation of points into an order in which those near each other are near in the list, and back.</summary>
internal sealed class SpatialPermutation
{
    private const int Columns = 16;
    private const int BlockSize = 32;

    private readonly int[] _rows;

    private SpatialPermutation(int[] rows) => _rows = rows;

    internal static SpatialPermutation Of(float[,] points, int? threads, CancellationToken cancellation)
    {
        var unit = PointUnit.Of(points);
        var projection = points.GetLength(1) > Columns && points.GetLength(0) > Columns
            ? OrthogonalProjection.OntoPrincipal(points, unit, Columns)
            : OrthogonalProjection.OntoAll(points, unit);
        return new SpatialPermutation(SpatialOrder.Of(projection.Apply(points, threads, cancellation), projection.Columns, BlockSize));
    }

    /// <summary>The rows in this order.</summary>
    internal float[,] Apply(float[,] points) => Copy(points, (i, row) => (row, i));

    /// <summary>The rows as they were before.</summary>
    internal float[,] Undo(float[,] points) => Copy(points, (i, row) => (i, row));

    private float[,] Copy(float[,] points, Func<int, int, (int From, int To)> move)
    {
        var moved = new float[points.GetLength(0), points.GetLength(1)];
        for (var i = 0; i < _rows.Length; i++)
        {
            var (from, to) = move(i, _rows[i]);
            for (var j = 0; j < points.GetLength(1); j++) moved[to, j] = points[from, j];
        }
        return moved;
    }
}
