using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Evaluation;

/// <summary>Places of points in the order of their distances from one of them.</summary>
internal static class DistanceRank
{
    /// <summary>
    /// 1 + the number of points other than <paramref name="self"/> that come before <paramref name="other"/>; equally near points in the
    /// order of their row numbers.
    /// </summary>
    internal static int Of(ReadOnlySpan<float> squared, int self, int other)
    {
        var limit = squared[other];
        var before = CountUpTo(squared[..other], limit) + CountUpTo(squared[(other + 1)..], MathF.BitDecrement(limit));
        var selfIsBefore = squared[self] < limit || (squared[self] == limit && self < other);
        return 1 + before - (selfIsBefore ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CountUpTo(ReadOnlySpan<float> values, float limit)
    {
        Vector256<int> counts = default;
        var limits = Vector256.Create(limit);
        var i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            counts -= Vector256.LessThanOrEqual(Vector256.Create(values[i..]), limits).AsInt32();
        var count = Vector256.Sum(counts);
        for (; i < values.Length; i++) count += values[i] <= limit ? 1 : 0;
        return count;
    }
}
