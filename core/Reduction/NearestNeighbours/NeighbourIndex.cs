using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>
/// Points made ready for exact search of nearest neighbours, float32, by filter and refinement (multi-step search: Seidl and Kriegel, SIGMOD
/// 1998): blocks of points near each other, which are ruled out by the box round them; of the rest single points, ruled out by a lower bound
/// of the distance in a few columns (<see cref="FilterChoice"/>); of the candidates that remain the distance, by squared differences rather
/// than products, so that duplicates are at exactly 0 and a pair has the same distance in both directions and in whatever company. Memory is
/// a few times that of the points. Distances are in the unit of <see cref="PointUnit"/>.
/// </summary>
internal sealed class NeighbourIndex
{
    /// <summary>Points a block holds.</summary>
    internal const int BlockSize = 128;

    private const int Lanes = 8;
    private const int Stride = 2 * Lanes;

    private readonly float _unit;
    private readonly int _stride;
    private readonly float[] _points;
    private readonly OrthogonalProjection _boxColumns;
    private readonly OrthogonalProjection _filterColumns;

    /// <param name="k">Neighbours that will be asked for, more or less: it decides on speed alone.</param>
    internal NeighbourIndex(float[,] points, int k, int? threads = null, CancellationToken cancellation = default)
    {
        (Count, Width, _unit) = (points.GetLength(0), points.GetLength(1), PointUnit.Of(points));
        _stride = (Width + Stride - 1) / Stride * Stride;
        (_boxColumns, _filterColumns) = FilterChoice.Of(points, _unit, k);
        Own = new NeighbourQueries(points, _unit, _stride, _boxColumns, _filterColumns, BlockSize, threads, cancellation);
        Filter = new FilterPanels(Own.FilterCoordinates, _filterColumns.Columns, Own.Order);
        _points = Own.Points;
    }

    internal int Count { get; }

    internal int Width { get; }

    /// <summary>The points themselves, as queries.</summary>
    internal NeighbourQueries Own { get; }

    internal FilterPanels Filter { get; }

    /// <summary>Other points as queries.</summary>
    internal NeighbourQueries Queries(float[,] points, int? threads) =>
        new(points, _unit, _stride, _boxColumns, _filterColumns, BlockSize, threads);

    /// <summary>Squared distance from a query to the point at <paramref name="position"/> in the order of <see cref="Own"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal float SquaredDistance(ref float query, int position)
    {
        ref var point = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_points), (nint)position * _stride);
        Vector256<float> even = default, odd = default;
        for (nuint j = 0; j < (nuint)_stride; j += Stride)
        {
            var difference = Vector256.LoadUnsafe(ref query, j) - Vector256.LoadUnsafe(ref point, j);
            even = Vector256.FusedMultiplyAdd(difference, difference, even);
            difference = Vector256.LoadUnsafe(ref query, j + Lanes) - Vector256.LoadUnsafe(ref point, j + Lanes);
            odd = Vector256.FusedMultiplyAdd(difference, difference, odd);
        }
        var eight = even + odd;
        var four = eight.GetLower() + eight.GetUpper();
        // A query may still be too far out for a square: as far as can be, then.
        return Math.Min(four.GetElement(0) + four.GetElement(1) + (four.GetElement(2) + four.GetElement(3)), float.MaxValue);
    }
}
