using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>The attractive forces of t-SNE along the affinities: sum over j of p_ij (y_i - y_j) / (1 + |y_i - y_j|^2).</summary>
internal sealed class Attraction
{
    /// <summary>Partners at once; rows are filled up to a multiple with affinity 0 to the point itself.</summary>
    private const int Lanes = 8;

    private readonly int[] _starts;
    private readonly int[] _columns;

    // Of each eight, in the order 0 4 1 5 2 6 3 7.
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
            var (from, to) = (affinities.Starts[i], _starts[i]);
            for (var e = 0; e < affinities.Starts[i + 1] - from; e++)
            {
                _columns[to + e] = affinities.Columns[from + e];
                var (eight, place) = (e / Lanes * Lanes, e % Lanes);
                _values[to + eight + (place < 4 ? 2 * place : 2 * place - 7)] = affinities.Values[from + e];
            }
        }
    }

    /// <summary>Force on point <paramref name="i"/>, pointing away from its partners: it is subtracted. By axis, 0 beyond the last.</summary>
    internal Vector128<float> ForceOn(int i, Positions places) => places.Dimensions == 2 ? InPlane(i, places) : InSpace(i, places);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<float> InPlane(int i, Positions places)
    {
        // A point is one 8-byte load, four of them a vector x y x y x y x y; two such vectors share one division.
        ref var pairs = ref Unsafe.As<float, double>(ref MemoryMarshal.GetArrayDataReference(places.ByPoint));
        ref var columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        ref var values = ref MemoryMarshal.GetArrayDataReference(_values);
        var here = Vector256.Create(Unsafe.Add(ref pairs, i)).AsSingle();
        var (one, ofFirst) = (Vector256<float>.One, Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle());
        Vector256<float> firstSum = default, secondSum = default;
        for (var e = _starts[i]; e < _starts[i + 1]; e += Lanes)
        {
            var first = here - Four(ref pairs, ref Unsafe.Add(ref columns, e));
            var second = here - Four(ref pairs, ref Unsafe.Add(ref columns, e + 4));
            var distance = Vector256.ConditionalSelect(ofFirst, PairSums(first * first), PairSums(second * second));
            var pull = Vector256.LoadUnsafe(ref values, (nuint)e) / (one + distance);
            firstSum = Vector256.FusedMultiplyAdd(Vector256.Shuffle(pull, Vector256.Create(0, 0, 2, 2, 4, 4, 6, 6)), first, firstSum);
            secondSum = Vector256.FusedMultiplyAdd(Vector256.Shuffle(pull, Vector256.Create(1, 1, 3, 3, 5, 5, 7, 7)), second, secondSum);
        }
        var sum = firstSum + secondSum;
        var half = sum.GetLower() + sum.GetUpper();
        return Vector128.Create(half.GetElement(0) + half.GetElement(2), half.GetElement(1) + half.GetElement(3), 0, 0);
    }

    /// <summary>Two partners at a time: numbers e and e + 4 of eight, whose affinities are neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<float> InSpace(int i, Positions places)
    {
        ref var points = ref MemoryMarshal.GetArrayDataReference(places.ByPoint);
        ref var columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        ref var values = ref MemoryMarshal.GetArrayDataReference(_values);
        var here = Vector128.LoadUnsafe(ref points, (nuint)(4 * i));
        var (heres, one) = (Vector256.Create(here, here), Vector256<float>.One);
        Vector256<float> sum = default;
        for (var e = _starts[i]; e < _starts[i + 1]; e += Lanes)
        {
            for (var k = 0; k < 4; k++)
            {
                var away = heres - Vector256.Create(
                    Vector128.LoadUnsafe(ref points, (nuint)(4 * Unsafe.Add(ref columns, e + k))),
                    Vector128.LoadUnsafe(ref points, (nuint)(4 * Unsafe.Add(ref columns, e + k + 4))));
                var pairs = PairSums(away * away);
                var distance = pairs + Vector256.Shuffle(pairs, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
                var affinity = Vector256.Create(
                    Vector128.Create(Unsafe.Add(ref values, e + 2 * k)), Vector128.Create(Unsafe.Add(ref values, e + 2 * k + 1)));
                sum = Vector256.FusedMultiplyAdd(affinity / (one + distance), away, sum);
            }
        }
        return sum.GetLower() + sum.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Four(ref double pairs, ref int columns) => Vector256.Create(
        Unsafe.Add(ref pairs, columns), Unsafe.Add(ref pairs, Unsafe.Add(ref columns, 1)),
        Unsafe.Add(ref pairs, Unsafe.Add(ref columns, 2)), Unsafe.Add(ref pairs, Unsafe.Add(ref columns, 3))).AsSingle();

    /// <summary>a + b, a + b, c + d, c + d, ... of a, b, c, d, ...</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PairSums(Vector256<float> v) => v + Vector256.Shuffle(v, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
}
