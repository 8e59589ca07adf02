using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>
/// Squared Euclidean distances from queries to a fixed set of points, float32, a few whole rows at a time: n x n of them are
/// needed, never held. Differences are squared as such, not expanded into products, so that duplicates are at exactly 0, and
/// summed column by column: a pair has the same distance in whatever company, and in both directions. In the unit of
/// <see cref="PointUnit"/>.
/// </summary>
internal sealed class DistanceRows
{
    /// <summary>Queries at once: sixteen points are read from memory for so many queries.</summary>
    private const int QueryBlock = 32;

    private const int Lanes = 8;
    private const int Panel = 2 * Lanes;
    private const int QueryTile = 4;

    // [panel][column][16 points]: a column of sixteen points is two loads.
    private readonly float[] _panels;
    private readonly int _width;
    private readonly int _stride;
    private readonly float _scale;

    internal DistanceRows(float[,] points)
    {
        (Count, _width) = (points.GetLength(0), points.GetLength(1));
        _stride = (Count + Panel - 1) / Panel * Panel;
        _scale = PointUnit.Of(points);
        _panels = new float[(long)_stride * _width];
        for (var i = 0; i < Count; i++)
        {
            var at = i / Panel * Panel * _width + i % Panel;
            for (var j = 0; j < _width; j++) _panels[at + j * Panel] = points[i, j] * _scale;
        }
    }

    /// <summary>Told each query's row number and its distances to all points, in the points' order.</summary>
    internal delegate void Visit(int query, ReadOnlySpan<float> distances);

    /// <summary>Number of points.</summary>
    internal int Count { get; }

    /// <summary>Visits every query once, in any order and from several threads.</summary>
    internal void ForEach(float[,] queries, int? threads, Visit visit, CancellationToken cancellation = default)
    {
        var blocks = (queries.GetLength(0) + QueryBlock - 1) / QueryBlock;
        using var buffers = new ThreadLocal<(float[] Queries, float[] Rows)>(
            () => (new float[QueryBlock * _width], new float[QueryBlock * _stride]));
        FixedOrder.ForEachPart(blocks, threads, block =>
        {
            var start = block * QueryBlock;
            var count = Math.Min(QueryBlock, queries.GetLength(0) - start);
            var (scaled, rows) = buffers.Value;
            for (var i = 0; i < count * _width; i++) scaled[i] = queries[start + i / _width, i % _width] * _scale;
            Fill(scaled, count, rows);
            for (var q = 0; q < count; q++) visit(start + q, rows.AsSpan(q * _stride, Count));
        }, cancellation);
    }

    private void Fill(ReadOnlySpan<float> queries, int count, Span<float> rows)
    {
        for (var panel = 0; panel < _stride; panel += Panel)
        {
            var points = _panels.AsSpan(panel * _width, Panel * _width);
            // The last tile repeats queries of the one before it rather than run over the end.
            for (var q = 0; q < count; q += QueryTile) FillTile(queries, Math.Max(0, Math.Min(q, count - QueryTile)), count, points, rows[panel..]);
        }
    }

    /// <summary>Four queries from <paramref name="first"/> (fewer: the last one repeated) against sixteen points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillTile(ReadOnlySpan<float> queries, int first, int count, ReadOnlySpan<float> panel, Span<float> rows)
    {
        var width = _width;
        ref var a = ref MemoryMarshal.GetReference(queries[(first * width)..]);
        ref var b = ref Unsafe.Add(ref a, Math.Min(1, count - 1 - first) * width);
        ref var c = ref Unsafe.Add(ref a, Math.Min(2, count - 1 - first) * width);
        ref var d = ref Unsafe.Add(ref a, Math.Min(3, count - 1 - first) * width);
        ref var points = ref MemoryMarshal.GetReference(panel);
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var j = 0; j < width; j++)
        {
            var low = Vector256.LoadUnsafe(ref points, (nuint)(j * Panel));
            var high = Vector256.LoadUnsafe(ref points, (nuint)(j * Panel + Lanes));
            var query = Vector256.Create(Unsafe.Add(ref a, j));
            (a0, a1) = (AddSquare(query - low, a0), AddSquare(query - high, a1));
            query = Vector256.Create(Unsafe.Add(ref b, j));
            (b0, b1) = (AddSquare(query - low, b0), AddSquare(query - high, b1));
            query = Vector256.Create(Unsafe.Add(ref c, j));
            (c0, c1) = (AddSquare(query - low, c0), AddSquare(query - high, c1));
            query = Vector256.Create(Unsafe.Add(ref d, j));
            (d0, d1) = (AddSquare(query - low, d0), AddSquare(query - high, d1));
        }
        Store(rows, first, a0, a1);
        if (first + 1 < count) Store(rows, first + 1, b0, b1);
        if (first + 2 < count) Store(rows, first + 2, c0, c1);
        if (first + 3 < count) Store(rows, first + 3, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AddSquare(Vector256<float> difference, Vector256<float> sum) =>
        Vector256.FusedMultiplyAdd(difference, difference, sum);

    private void Store(Span<float> rows, int query, Vector256<float> low, Vector256<float> high)
    {
        // A query may still be too far out for a square: as far as can be, then.
        var farthest = Vector256.Create(float.MaxValue);
        Vector256.Min(low, farthest).CopyTo(rows[(query * _stride)..]);
        Vector256.Min(high, farthest).CopyTo(rows[(query * _stride + Lanes)..]);
    }
}
