using MedTransfer.Numerics;

namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>The exact nearest neighbours of points, nearest first; equally near ones in the order of their row numbers.</summary>
/// <param name="Index">(m, k) row numbers among the searched points.</param>
/// <param name="SquaredDistance">(m, k), in the unit of <see cref="PointUnit"/>, squared.</param>
internal sealed record Neighbours(int[,] Index, float[,] SquaredDistance)
{
    /// <summary>The <paramref name="k"/> points nearest to each, itself left out (but not its duplicates).</summary>
    internal static Neighbours Among(float[,] points, int k, int? threads = null, CancellationToken cancellation = default) =>
        Among(new NeighbourIndex(points, k, threads, cancellation), k, threads, cancellation);

    /// <summary>The <paramref name="k"/> nearest of the searched points to each of them, itself left out.</summary>
    internal static Neighbours Among(NeighbourIndex points, int k, int? threads = null, CancellationToken cancellation = default) =>
        Find(points, points.Own, k, leaveOut: true, threads, cancellation);

    /// <summary>The <paramref name="k"/> of the searched points nearest to each query.</summary>
    internal static Neighbours Of(float[,] queries, NeighbourIndex searched, int k, int? threads = null) =>
        Find(searched, searched.Queries(queries, threads), k, leaveOut: false, threads, default);

    private static Neighbours Find(
        NeighbourIndex searched, NeighbourQueries queries, int k, bool leaveOut, int? threads, CancellationToken cancellation)
    {
        var result = new Neighbours(new int[queries.Order.Length, k], new float[queries.Order.Length, k]);
        using var searches = new ThreadLocal<NeighbourSearch>(() => new NeighbourSearch(searched, queries, k, leaveOut));
        FixedOrder.ForEachPart(queries.Boxes.Count, threads, block => searches.Value!.Find(block, result), cancellation);
        return result;
    }
}
