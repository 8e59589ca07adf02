namespace MedTransfer.Reduction;

/// <summary>Points by the grid row their spline begins in, so that threads can share the grid out.</summary>
internal sealed class PointBands
{
    private int[] _starts = [];
    private int[] _points = [];
    private int[] _rows = [];

    internal void Sort(Positions places, GridPlaces grid, int size)
    {
        if (_points.Length != places.Count) (_points, _rows) = (new int[places.Count], new int[places.Count]);
        if (_starts.Length != size + 1) _starts = new int[size + 1];
        Array.Clear(_starts);
        for (var i = 0; i < _rows.Length; i++) _starts[(_rows[i] = grid.Y(places.Y[i]).Node) + 1]++;
        for (var row = 0; row < size; row++) _starts[row + 1] += _starts[row];
        for (var i = 0; i < _rows.Length; i++) _points[_starts[_rows[i]]++] = i;
        // Each start has moved on to the next row's.
        Array.Copy(_starts, 0, _starts, 1, size);
        _starts[0] = 0;
    }

    /// <summary>The points that begin in these rows, row by row, in their own order.</summary>
    internal ReadOnlySpan<int> Rows(int first, int count) => _points.AsSpan(_starts[first].._starts[first + count]);
}
