namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>Points in an order in which those near each other are near in the list, and back.</summary>
internal sealed class NearOrder
{
    private const int Columns = 16;
    private const int BlockSize = 32;

    private readonly int[] _rows;

    private NearOrder(int[] rows) => _rows = rows;

    internal static NearOrder Of(float[,] points, int? threads, CancellationToken cancellation)
    {
        var unit = PointUnit.Of(points);
        var contraction = points.GetLength(1) > Columns && points.GetLength(0) > Columns
            ? Contraction.Principal(points, unit, Columns)
            : Contraction.Whole(points, unit);
        return new NearOrder(SpatialOrder.Of(contraction.Place(points, threads, cancellation), contraction.Columns, BlockSize));
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
