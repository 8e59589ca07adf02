using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

/// <summary>From a place in the map to the first of the four nodes round it, and how far it lies past the second, 0 to 1.</summary>
/// <param name="CentreX">Of the map, where the grid has its own.</param>
/// <param name="Middle">Of the grid, in nodes.</param>
internal readonly record struct GridPlaces(float NodesPerUnit, float CentreX, float CentreY, float Middle)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (int Node, float Past) X(float x) => At(x, CentreX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (int Node, float Past) Y(float y) => At(y, CentreY);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Node, float Past) At(float place, float centre)
    {
        var at = MathF.FusedMultiplyAdd(place - centre, NodesPerUnit, Middle);
        // Never negative: the grid has a margin.
        var node = (int)at;
        return (node - 1, at - node);
    }
}

/// <summary>The cubic B-spline at the four nodes round a place, as far as it lies past the second of them, 0 to 1.</summary>
internal static class SplineWeights
{
    /// <summary>Of the value; sum 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Value(float past)
    {
        var f = Vector128.Create(past);
        var w = Vector128.FusedMultiplyAdd(Vector128.Create(-1f / 6, 0.5f, -0.5f, 1f / 6), f, Vector128.Create(0.5f, -1f, 0.5f, 0f));
        w = Vector128.FusedMultiplyAdd(w, f, Vector128.Create(-0.5f, 0f, 0.5f, 0f));
        return Vector128.FusedMultiplyAdd(w, f, Vector128.Create(1f / 6, 4f / 6, 1f / 6, 0f));
    }

    /// <summary>Of the derivative, a node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Slope(float past)
    {
        var f = Vector128.Create(past);
        var w = Vector128.FusedMultiplyAdd(Vector128.Create(-0.5f, 1.5f, -1.5f, 0.5f), f, Vector128.Create(1f, -2f, 1f, 0f));
        return Vector128.FusedMultiplyAdd(w, f, Vector128.Create(-0.5f, 0f, 0.5f, 0f));
    }
}

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
