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
            for (var i = 0; i < keys.Length; i++) keys[i] = SmallestKeys.Key(coordinates[rows[i] * columns + column], rows[i]);
            SmallestKeys.PutFirst(keys, half);
            for (var i = 0; i < keys.Length; i++) rows[i] = SmallestKeys.Row(keys[i]);
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
