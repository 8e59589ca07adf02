using System.Numerics;

namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>One thread's search for the nearest points of block after block of queries.</summary>
internal sealed class NeighbourSearch
{
    /// <summary>Half the distance from 1 to the next float: what a rounding changes at most, relatively.</summary>
    private const double Rounding = 1.0 / (1 << 24);

    /// <summary>Queries longer than this, in the index's unit, have squares near the end of the floats: they are not filtered.</summary>
    private const double Far = 1e15;

    private const int BlockSize = NeighbourIndex.BlockSize;

    private readonly NeighbourIndex _index;
    private readonly NeighbourQueries _queries;
    private readonly bool _leaveOut;
    private readonly int _k;
    private readonly int _columns;
    private readonly NearestSoFar[] _nearest;
    private readonly float[] _coordinates;
    private readonly double[] _squares = new double[BlockSize];
    private readonly float[] _limits = new float[BlockSize];
    private readonly double[] _reaches = new double[BlockSize];
    private readonly int[] _blocks;
    private readonly double[] _gaps;

    /// <param name="leaveOut">Where the queries are the points, whether to leave each out of its own neighbours.</param>
    internal NeighbourSearch(NeighbourIndex index, NeighbourQueries queries, int k, bool leaveOut)
    {
        (_index, _queries, _k, _leaveOut) = (index, queries, k, leaveOut);
        _columns = queries.Order.Length == 0 ? 0 : queries.FilterCoordinates.Length / queries.Order.Length;
        _nearest = [.. Enumerable.Range(0, BlockSize).Select(_ => new NearestSoFar(k))];
        _coordinates = new float[BlockSize * _columns];
        (_blocks, _gaps) = (new int[index.Own.Boxes.Count], new double[index.Own.Boxes.Count]);
    }

    /// <summary>Writes the rows of this block of queries into the result.</summary>
    internal void Find(int block, Neighbours result)
    {
        var first = block * BlockSize;
        var count = Math.Min(BlockSize, _queries.Order.Length - first);
        var radius = Load(first, count);
        var isFar = !(radius < Far);
        SortBlocks(block, isFar);

        for (var b = 0; b < _blocks.Length && !(_gaps[b] > Max(_reaches.AsSpan(0, count))); b++) Visit(first, count, b, isFar);

        for (var q = 0; q < count; q++)
        {
            var row = _queries.Order[first + q];
            var sorted = _nearest[q].Sorted();
            for (var j = 0; j < _k; j++)
                (result.Index[row, j], result.SquaredDistance[row, j]) = (NeighbourKey.Row(sorted[j]), NeighbourKey.Value(sorted[j]));
        }
    }

    /// <summary>Length of the longest query.</summary>
    private double Load(int first, int count)
    {
        var largest = 0.0;
        Array.Clear(_coordinates);
        // Nothing is near to a query that is not there.
        Array.Fill(_limits, float.NegativeInfinity);
        Array.Fill(_reaches, double.NegativeInfinity);
        for (var q = 0; q < count; q++)
        {
            _nearest[q].Clear();
            (_limits[q], _reaches[q]) = (float.PositiveInfinity, double.PositiveInfinity);
            var from = _queries.FilterCoordinates.AsSpan(_queries.Order[first + q] * _columns, _columns);
            from.CopyTo(_coordinates.AsSpan(q * _columns));
            _squares[q] = FilterPanels.Square(from);
            largest = Math.Max(largest, _squares[q]);
        }
        return Math.Sqrt(largest);
    }

    /// <summary>Nearest blocks first.</summary>
    private void SortBlocks(int block, bool isFar)
    {
        for (var b = 0; b < _blocks.Length; b++)
            (_blocks[b], _gaps[b]) = (b, isFar ? 0 : _queries.Boxes.Distance(block, _index.Own.Boxes, b));
        // Boxes overlap: among those that do, the queries' own is where to begin.
        if (_leaveOut && !isFar) _gaps[block] = -1;
        Array.Sort(_gaps, _blocks);
    }

    private static double Max(ReadOnlySpan<double> values)
    {
        var largest = values[0];
        foreach (var value in values) largest = Math.Max(largest, value);
        return largest;
    }

    /// <summary>How far from a query its next neighbour may be in fewer columns, with all that rounding can hide of it.</summary>
    private double Reach(int q) =>
        Math.Sqrt(_nearest[q].Limit * (1 + (_index.Width + 8) * Rounding))
            + 4 * Rounding * (_index.Filter.Radius + Math.Sqrt(_squares[q]));

    /// <summary>
    /// What the filter may show at most of a candidate: half the limit, less half the query's square, with all that
    /// rounding can have done to sums of so many columns.
    /// </summary>
    private float FilterLimit(int q)
    {
        var reach = _index.Filter.Radius + Math.Sqrt(_squares[q]);
        var limit = _nearest[q].Limit * (1 + (_index.Width + 8) * Rounding) / 2 - _squares[q] / 2;
        return MathF.BitIncrement((float)(limit + (_columns + 16) * Rounding * reach * reach));
    }

    /// <summary>Shows the <paramref name="nth"/> nearest block to those queries that reach it.</summary>
    private void Visit(int first, int count, int nth, bool isFar)
    {
        var block = _blocks[nth];
        var panels = BlockSize / FilterPanels.Size;
        var last = Math.Min((block + 1) * panels, (_index.Count + FilterPanels.Size - 1) / FilterPanels.Size);
        for (var tile = 0; tile < count; tile += FilterPanels.QueryTile)
        {
            if (_gaps[nth] > Max(_reaches.AsSpan(tile, FilterPanels.QueryTile))) continue;
            var queries = _coordinates.AsSpan(tile * _columns, FilterPanels.QueryTile * _columns);
            var limits = _limits.AsSpan(tile, FilterPanels.QueryTile);
            var met = 0ul;
            for (var panel = block * panels; panel < last; panel++)
            {
                var candidates = _index.Filter.Candidates(queries, limits, panel);
                met |= candidates;
                for (; candidates != 0; candidates &= candidates - 1)
                {
                    var bit = BitOperations.TrailingZeroCount(candidates);
                    Refine(first, tile + bit / FilterPanels.Size, panel * FilterPanels.Size + bit % FilterPanels.Size);
                }
            }
            if (met != 0) Tighten(tile, Math.Min(tile + FilterPanels.QueryTile, count), isFar);
        }
    }

    private void Tighten(int start, int end, bool isFar)
    {
        for (var q = start; q < end; q++)
        {
            if (!_nearest[q].IsLoose) continue;
            _nearest[q].Tighten();
            _reaches[q] = Reach(q);
            if (!isFar) _limits[q] = FilterLimit(q);
        }
    }

    private void Refine(int first, int q, int position)
    {
        if (position >= _index.Count || (_leaveOut && position == first + q)) return;
        var stride = _queries.Points.Length / _queries.Order.Length;
        _nearest[q].Offer(_index.SquaredDistance(ref _queries.Points[(first + q) * stride], position), _index.Own.Order[position]);
    }
}
