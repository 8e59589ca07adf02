using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MedTransfer.Reduction;

namespace MedTransfer.Evaluation;

/// <summary>How far neighbours in a map are neighbours in the data (Venna and Kaski, ICANN 2001).</summary>
public static class Trustworthiness
{
    /// <summary>
    /// 1 - 2 / (n k (2n - 3k - 1)) sum over points i and their k nearest j in the map of max(0, r(i, j) - k), r the rank of j by
    /// distance from i in the data: 1 where no stranger came near, 0 at worst. Equally near points rank by row number.
    /// </summary>
    /// <param name="points">(n, d), the data.</param>
    /// <param name="map">(n, c), the same points in the map.</param>
    /// <param name="k">Neighbours, 1 to below n / 2.</param>
    public static double Of(float[,] points, float[,] map, int k = 5)
    {
        MapOfPoints.Require(points, map, nameof(Trustworthiness));
        var n = points.GetLength(0);
        if (k < 1 || 2 * k >= n)
            throw new MedTransferException(
                $"{nameof(Trustworthiness)} of {n} points is defined for 1 to {(n - 1) / 2} neighbours, not {k}: set k within.");

        var near = Neighbours.Among(map, k).Index;
        var strangeness = new long[n];
        new DistanceRows(points).ForEach(points, null, (i, squared) =>
        {
            for (var j = 0; j < k; j++) strangeness[i] += Math.Max(0, Rank(squared, i, near[i, j]) - k);
        });
        return 1 - 2.0 * strangeness.Sum() / ((double)n * k * (2.0 * n - 3.0 * k - 1));
    }

    /// <summary>1 + the number of points other than <paramref name="self"/> that come before <paramref name="other"/>.</summary>
    private static int Rank(ReadOnlySpan<float> squared, int self, int other)
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
