using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>
/// The filter: points laid out so that four queries meet sixteen of them at a time, to tell which may be near: by half the squared distance
/// less half the query's own square, |p|^2 / 2 - p . q, one operation a column. It rounds, and so only rules out; candidates are refined.
/// </summary>
internal sealed class FilterPanels
{
    /// <summary>Points a panel holds.</summary>
    internal const int Size = 16;

    /// <summary>Queries a tile holds.</summary>
    internal const int QueryTile = 4;

    private const int Lanes = 8;

    private readonly int _columns;

    // [panel][column][16 points]
    private readonly float[] _values;
    private readonly float[] _halfSquares;

    /// <param name="order">Rows in the order in which they fill the panels; the last panel is filled up with points infinitely far away.</param>
    internal FilterPanels(float[] coordinates, int columns, int[] order)
    {
        _columns = columns;
        var padded = (order.Length + Size - 1) / Size * Size;
        _values = new float[(long)padded * columns];
        _halfSquares = new float[padded];
        Array.Fill(_halfSquares, float.PositiveInfinity);
        for (var i = 0; i < order.Length; i++)
        {
            var point = coordinates.AsSpan(order[i] * columns, columns);
            var square = Square(point);
            _halfSquares[i] = (float)(square / 2);
            Radius = Math.Max(Radius, Math.Sqrt(square));
            var at = i / Size * Size * columns + i % Size;
            for (var j = 0; j < columns; j++) _values[at + j * Size] = point[j];
        }
    }

    /// <summary>Length of the longest point.</summary>
    internal double Radius { get; }

    /// <summary>p . p</summary>
    internal static double Square(ReadOnlySpan<float> point)
    {
        var sum = 0.0;
        foreach (var value in point) sum += (double)value * value;
        return sum;
    }

    /// <summary>
    /// One bit for each of the four queries' sixteen points, those of the first query lowest: 0 where
    /// the point is above the query's limit.
    /// </summary>
    /// <param name="queries">Four times the columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal ulong Candidates(ReadOnlySpan<float> queries, ReadOnlySpan<float> limits, int panel)
    {
        var columns = _columns;
        ref var a = ref MemoryMarshal.GetReference(queries);
        ref var b = ref Unsafe.Add(ref a, columns);
        ref var c = ref Unsafe.Add(ref b, columns);
        ref var d = ref Unsafe.Add(ref c, columns);
        ref var values = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), panel * Size * columns);
        var low = Vector256.Create(_halfSquares, panel * Size);
        var high = Vector256.Create(_halfSquares, panel * Size + Lanes);
        var (a0, a1, b0, b1, c0, c1, d0, d1) = (low, high, low, high, low, high, low, high);
        for (var j = 0; j < columns; j++)
        {
            low = Vector256.LoadUnsafe(ref values, (nuint)(j * Size));
            high = Vector256.LoadUnsafe(ref values, (nuint)(j * Size + Lanes));
            var query = -Vector256.Create(Unsafe.Add(ref a, j));
            (a0, a1) = (Vector256.FusedMultiplyAdd(query, low, a0), Vector256.FusedMultiplyAdd(query, high, a1));
            query = -Vector256.Create(Unsafe.Add(ref b, j));
            (b0, b1) = (Vector256.FusedMultiplyAdd(query, low, b0), Vector256.FusedMultiplyAdd(query, high, b1));
            query = -Vector256.Create(Unsafe.Add(ref c, j));
            (c0, c1) = (Vector256.FusedMultiplyAdd(query, low, c0), Vector256.FusedMultiplyAdd(query, high, c1));
            query = -Vector256.Create(Unsafe.Add(ref d, j));
            (d0, d1) = (Vector256.FusedMultiplyAdd(query, low, d0), Vector256.FusedMultiplyAdd(query, high, d1));
        }
        return ~(Above(a0, a1, limits[0]) | Above(b0, b1, limits[1]) << Size
            | Above(c0, c1, limits[2]) << (2 * Size) | Above(d0, d1, limits[3]) << (3 * Size));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Above(Vector256<float> low, Vector256<float> high, float limit)
    {
        var limits = Vector256.Create(limit);
        return Vector256.GreaterThan(low, limits).ExtractMostSignificantBits()
            | (ulong)Vector256.GreaterThan(high, limits).ExtractMostSignificantBits() << Lanes;
    }
}
