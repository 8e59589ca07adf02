using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>
/// How far neighbours in a map are neighbours in the data, and the other way round (Venna and Kaski, Neural Networks 19, 2006), seen from
/// all points or from a sample of them, but always against all. Equally near points rank by row number.
/// </summary>
/// <param name="Trustworthiness">
/// 1 - 2 / (m k (2n - 3k - 1)) sum over m points i and their k nearest j in the map of max(0, r(i, j) - k), r the rank of j by distance
/// from i in the data: 1 where no stranger came near, 0 at worst.
/// </param>
/// <param name="Continuity">The same with map and data changing places: 1 where no neighbour was lost.</param>
/// <param name="NeighbourRecall">Share, 0 to 1, of the k nearest in the data that are among the k nearest in the map.</param>
/// <param name="Neighbours">k.</param>
/// <param name="Queries">m, the points looked from.</param>
/// <param name="Points">n.</param>
public sealed record RankComparison(
    double Trustworthiness, double Continuity, double NeighbourRecall, int Neighbours, int Queries, int Points)
{
    /// <param name="points">(n, d), the data.</param>
    /// <param name="map">(n, c), the same points in the map.</param>
    /// <param name="k">Neighbours, 1 to below n / 2.</param>
    /// <param name="mostQueries">Of more points than this, so many are looked from, always the same; 1 or more.</param>
    public static RankComparison Of(float[,] points, float[,] map, int k = 15, int mostQueries = 2000)
    {
        Require(points, map, k);
        if (mostQueries < 1) throw new MedTransferException($"{Name} can't look from {mostQueries} points: set mostQueries to 1 or more.");

        var n = points.GetLength(0);
        var queries = QuerySample.Rows(n, mostQueries);
        var (near, nearInMap) = (Nearest(points, queries, k), Nearest(map, queries, k));
        var (strangers, _) = Excess(points, queries, nearInMap, k);
        var (lost, kept) = Excess(map, queries, near, k);
        var scale = Scale(queries.Length, k, n);
        return new RankComparison(
            1 - scale * strangers, 1 - scale * lost, (double)kept / queries.Length / k, k, queries.Length, n);
    }

    /// <summary>Trustworthiness alone, seen from every point, in half the time.</summary>
    internal static double TrustworthinessOf(float[,] points, float[,] map, int k)
    {
        Require(points, map, k);
        int[] queries = [.. Enumerable.Range(0, points.GetLength(0))];
        return 1 - Scale(queries.Length, k, queries.Length) * Excess(points, queries, Nearest(map, queries, k), k).Excess;
    }

    private const string Name = "Comparison of ranks";

    /// <summary>What each rank beyond k takes from trustworthiness or continuity.</summary>
    internal static double Scale(int queries, int k, int n) => 2 / ((double)queries * k * (2.0 * n - 3.0 * k - 1));

    private static void Require(float[,] points, float[,] map, int k)
    {
        MapOfPoints.Require(points, map, Name);
        var n = points.GetLength(0);
        if (k < 1 || 2 * k >= n)
            throw new MedTransferException($"{Name} of {n} points is defined for 1 to {(n - 1) / 2} neighbours, not {k}: set k within.");
    }

    /// <summary>(m, k) row numbers, each query itself left out.</summary>
    private static int[,] Nearest(float[,] points, int[] queries, int k)
    {
        if (queries.Length == points.GetLength(0)) return MedTransfer.Reduction.NearestNeighbours.Neighbours.Among(points, k).Index;
        var found = MedTransfer.Reduction.NearestNeighbours.Neighbours.Of(QuerySample.Take(points, queries), new NeighbourIndex(points, k + 1), k + 1).Index;
        var others = new int[queries.Length, k];
        for (var q = 0; q < queries.Length; q++)
        {
            // Where more than k duplicates have smaller row numbers the query is not among them, and the last one goes.
            for (var (from, to) = (0, 0); to < k; from++)
            {
                if (found[q, from] != queries[q]) others[q, to++] = found[q, from];
            }
        }
        return others;
    }

    /// <summary>By how much the ranks of these points exceed k, together, and how many do not.</summary>
    private static (long Excess, long Within) Excess(float[,] points, int[] queries, int[,] others, int k)
    {
        var (excess, within) = (new long[queries.Length], new long[queries.Length]);
        new DistanceRows(points).ForEach(
            QuerySample.Take(points, queries), null, (q, squared) => (excess[q], within[q]) = DistanceRank.Beyond(squared, queries[q], others, q, k));
        return (excess.Sum(), within.Sum());
    }
}

/// <summary>How far neighbours in a map are neighbours in the data (Venna and Kaski, ICANN 2001), seen from every point.</summary>
public static class Trustworthiness
{
    /// <inheritdoc cref="RankComparison.Trustworthiness"/>
    /// <param name="points">(n, d), the data.</param>
    /// <param name="map">(n, c), the same points in the map.</param>
    /// <param name="k">Neighbours, 1 to below n / 2.</param>
    public static double Of(float[,] points, float[,] map, int k = 5) =>
        RankComparison.TrustworthinessOf(points, map, k);
}

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

    /// <summary>By how much the ranks of the first k points in a row of others exceed k, together, and how many do not.</summary>
    internal static (long Excess, long Within) Beyond(ReadOnlySpan<float> squared, int self, int[,] others, int row, int k)
    {
        var (excess, within) = (0L, 0L);
        for (var j = 0; j < k; j++)
        {
            var beyond = Of(squared, self, others[row, j]) - k;
            if (beyond > 0) excess += beyond;
            else within++;
        }
        return (excess, within);
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
