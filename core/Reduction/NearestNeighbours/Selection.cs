using System.Runtime.CompilerServices;

namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>
/// A value with its row number as one number, which orders by value and, among equals, by row: so that the smallest are the same whatever
/// order they come in.
/// </summary>
internal static class NeighbourKey
{
    internal static ulong Of(float value, int row)
    {
        // Bits of floats order as the floats do once those of negative ones are turned round.
        var bits = BitConverter.SingleToUInt32Bits(value + 0f);
        var ordered = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return (ulong)ordered << 32 | (uint)row;
    }

    internal static int Row(ulong key) => (int)(uint)key;

    internal static float Value(ulong key)
    {
        var ordered = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((ordered & 0x80000000) != 0 ? ordered & 0x7FFFFFFF : ~ordered);
    }
}

/// <summary>Selection of the smallest of many keys (Hoare, Algorithm 65: Find, Commun. ACM 4, 1961).</summary>
internal static class Quickselect
{
    /// <summary>Moves the k smallest keys to the front, in no order, and returns the largest of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static ulong Smallest(Span<ulong> keys, int k)
    {
        var (low, high) = (0, keys.Length - 1);
        while (low < high)
        {
            var (a, b, c) = (keys[low], keys[(low + high) / 2], keys[high]);
            var pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (keys[i] < pivot) i++;
                while (keys[j] > pivot) j--;
                if (i > j) break;
                (keys[i], keys[j]) = (keys[j], keys[i]);
                (i, j) = (i + 1, j - 1);
            }
            if (k - 1 <= j) high = j;
            else if (k - 1 >= i) low = i;
            else break;
        }
        return keys[k - 1];
    }
}

/// <summary>The k smallest of the keys that were offered, and what a further one must be below to be of use.</summary>
internal sealed class NearestSoFar(int k)
{
    private readonly ulong[] _keys = new ulong[2 * k + 64];
    private int _count;

    /// <summary>The largest value that can still be among the k smallest; infinite while there are fewer.</summary>
    internal float Limit { get; private set; } = float.PositiveInfinity;

    internal void Clear() => (_count, Limit) = (0, float.PositiveInfinity);

    internal void Offer(float value, int row)
    {
        // An equal value may have the smaller row number.
        if (value > Limit) return;
        _keys[_count++] = NeighbourKey.Of(value, row);
        if (_count == _keys.Length) Tighten();
    }

    /// <summary>Brings <see cref="Limit"/> up to date.</summary>
    internal void Tighten()
    {
        if (_count < k) return;
        Limit = NeighbourKey.Value(Quickselect.Smallest(_keys.AsSpan(0, _count), k));
        _count = k;
    }

    /// <summary>True where tightening is worth its while.</summary>
    internal bool IsLoose => _count > k + k / 2;

    /// <summary>The k smallest, in order; k keys must have been offered.</summary>
    internal ReadOnlySpan<ulong> Sorted()
    {
        Tighten();
        _keys.AsSpan(0, k).Sort();
        return _keys.AsSpan(0, k);
    }

    /// <summary>The k smallest of all values but that of one row, in order; there are k others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal ReadOnlySpan<ulong> Among(ReadOnlySpan<float> values, int leftOut)
    {
        Clear();
        for (var row = 0; row < values.Length; row++)
        {
            if (values[row] <= Limit && row != leftOut) Offer(values[row], row);
        }
        return Sorted();
    }
}
