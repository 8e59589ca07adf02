namespace MedTransfer.Reduction;

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
        _keys[_count++] = SmallestKeys.Key(value, row);
        if (_count == _keys.Length) Tighten();
    }

    /// <summary>Brings <see cref="Limit"/> up to date.</summary>
    internal void Tighten()
    {
        if (_count < k) return;
        Limit = SmallestKeys.Value(SmallestKeys.PutFirst(_keys.AsSpan(0, _count), k));
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
}
