namespace MedTransfer.Reduction;

/// <summary>Points in blocks of near ones, in the columns in which an index looks at them.</summary>
internal sealed class NeighbourQueries
{
    internal NeighbourQueries(
        float[,] points, float unit, int stride, Contraction boxes, Contraction screen, int blockSize, int? threads,
        CancellationToken cancellation = default)
    {
        var coordinates = boxes.Place(points, threads, cancellation);
        ScreenCoordinates = screen == boxes ? coordinates : screen.Place(points, threads, cancellation);
        Order = SpatialOrder.Of(coordinates, boxes.Columns, blockSize);
        Boxes = new Boxes(coordinates, boxes.Columns, Order, blockSize);
        Points = new float[(long)Order.Length * stride];
        for (var i = 0; i < Order.Length; i++)
        {
            for (var j = 0; j < points.GetLength(1); j++) Points[i * stride + j] = points[Order[i], j] * unit;
        }
    }

    /// <summary>Row numbers, block by block.</summary>
    internal int[] Order { get; }

    internal Boxes Boxes { get; }

    /// <summary>All columns in the index's unit, in <see cref="Order"/>, each point filled up with zeros.</summary>
    internal float[] Points { get; }

    /// <summary>By row number.</summary>
    internal float[] ScreenCoordinates { get; }
}
