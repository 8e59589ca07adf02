namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>Points in blocks of near ones, in the columns in which an index looks at them.</summary>
internal sealed class NeighbourQueries
{
    internal NeighbourQueries(
        float[,] points, float unit, int stride, OrthogonalProjection boxes, OrthogonalProjection filter, int blockSize, int? threads,
        CancellationToken cancellation = default)
    {
        var coordinates = boxes.Apply(points, threads, cancellation);
        FilterCoordinates = filter == boxes ? coordinates : filter.Apply(points, threads, cancellation);
        Order = SpatialOrder.Of(coordinates, boxes.Columns, blockSize);
        Boxes = new BoundingBoxes(coordinates, boxes.Columns, Order, blockSize);
        Points = new float[(long)Order.Length * stride];
        for (var i = 0; i < Order.Length; i++)
        {
            for (var j = 0; j < points.GetLength(1); j++) Points[i * stride + j] = points[Order[i], j] * unit;
        }
    }

    /// <summary>Row numbers, block by block.</summary>
    internal int[] Order { get; }

    internal BoundingBoxes Boxes { get; }

    /// <summary>All columns in the index's unit, in <see cref="Order"/>, each point filled up with zeros.</summary>
    internal float[] Points { get; }

    /// <summary>By row number.</summary>
    internal float[] FilterCoordinates { get; }
}

/// <summary>The bounding boxes, sides along the axes, of every so many points of a list.</summary>
internal sealed class BoundingBoxes
{
    private readonly int _columns;
    private readonly float[] _lowest;
    private readonly float[] _highest;

    internal BoundingBoxes(float[] coordinates, int columns, int[] order, int blockSize)
    {
        _columns = columns;
        Count = (order.Length + blockSize - 1) / blockSize;
        (_lowest, _highest) = (new float[Count * columns], new float[Count * columns]);
        Array.Fill(_lowest, float.PositiveInfinity);
        Array.Fill(_highest, float.NegativeInfinity);
        for (var i = 0; i < order.Length; i++)
        {
            var point = coordinates.AsSpan(order[i] * columns, columns);
            var at = i / blockSize * columns;
            for (var j = 0; j < columns; j++)
            {
                _lowest[at + j] = Math.Min(_lowest[at + j], point[j]);
                _highest[at + j] = Math.Max(_highest[at + j], point[j]);
            }
        }
    }

    internal int Count { get; }

    /// <summary>Between the nearest points of this box and another; 0 where they overlap.</summary>
    internal double Distance(int box, BoundingBoxes others, int other)
    {
        var square = 0.0;
        var (here, there) = (box * _columns, other * _columns);
        for (var j = 0; j < _columns; j++)
        {
            double gap = Math.Max(others._lowest[there + j] - _highest[here + j], _lowest[here + j] - others._highest[there + j]);
            if (gap > 0) square += gap * gap;
        }
        return Math.Sqrt(square);
    }
}
