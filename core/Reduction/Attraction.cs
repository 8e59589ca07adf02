using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>The attractive forces of t-SNE along the affinities: sum over j of p_ij (y_i - y_j) / (1 + |y_i - y_j|^2).</summary>
internal sealed class Attraction
{
    /// <summary>Partners at once; rows are filled up to a multiple with affinity 0 to the point itself.</summary>
    private const int Lanes = 4;

    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    internal Attraction(SparseAffinities affinities)
    {
        _starts = new int[affinities.Count + 1];
        for (var i = 0; i < affinities.Count; i++)
        {
            var length = affinities.Starts[i + 1] - affinities.Starts[i];
            _starts[i + 1] = _starts[i] + (length + Lanes - 1) / Lanes * Lanes;
        }
        (_columns, _values) = (new int[_starts[^1]], new float[_starts[^1]]);
        for (var i = 0; i < affinities.Count; i++)
        {
            _columns.AsSpan(_starts[i].._starts[i + 1]).Fill(i);
            var row = affinities.Starts[i]..affinities.Starts[i + 1];
            affinities.Columns.AsSpan(row).CopyTo(_columns.AsSpan(_starts[i]));
            affinities.Values.AsSpan(row).CopyTo(_values.AsSpan(_starts[i]));
        }
    }

    /// <summary>Force on point <paramref name="i"/>, pointing away from its partners: it is subtracted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal (float X, float Y) ForceOn(int i, Positions places)
    {
        // A point is one 8-byte load, four of them a vector x y x y x y x y.
        ref var pairs = ref Unsafe.As<float, double>(ref MemoryMarshal.GetArrayDataReference(places.Pairs));
        ref var columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        ref var values = ref MemoryMarshal.GetArrayDataReference(_values);
        var here = Vector256.Create(Unsafe.Add(ref pairs, i)).AsSingle();
        var one = Vector256<float>.One;
        Vector256<float> sum = default;
        for (var e = _starts[i]; e < _starts[i + 1]; e += Lanes)
        {
            var there = Vector256.Create(
                Unsafe.Add(ref pairs, Unsafe.Add(ref columns, e)),
                Unsafe.Add(ref pairs, Unsafe.Add(ref columns, e + 1)),
                Unsafe.Add(ref pairs, Unsafe.Add(ref columns, e + 2)),
                Unsafe.Add(ref pairs, Unsafe.Add(ref columns, e + 3))).AsSingle();
            var four = Vector128.LoadUnsafe(ref values, (nuint)e);
            var affinity = Vector256.Shuffle(Vector256.Create(four, four), Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3));
            var away = here - there;
            var square = away * away;
            var distance = square + Vector256.Shuffle(square, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
            sum = Vector256.FusedMultiplyAdd(affinity / (one + distance), away, sum);
        }
        var half = sum.GetLower() + sum.GetUpper();
        return (half.GetElement(0) + half.GetElement(2), half.GetElement(1) + half.GetElement(3));
    }
}
