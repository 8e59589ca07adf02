namespace MedTransfer.Evaluation;

/// <summary>What can be said of a map of points in one go.</summary>
/// <param name="Ranks">Trustworthiness, continuity and neighbour recall, with the sample they were taken from.</param>
/// <param name="KlDivergence">
/// <see cref="NeighbourDivergence"/> in nats over all points; null for maps of other than 2 or 3 columns, and where there are too few points.
/// </param>
/// <param name="Silhouette">-1 to 1 in the map, from <see cref="RankComparison.Queries"/> points; null without labels, and where undefined.</param>
/// <param name="KnnAccuracy">Share of points whose 5 nearest others in the map vote for their class; null without labels.</param>
public sealed record EmbeddingQuality(RankComparison Ranks, double? KlDivergence, double? Silhouette, double? KnnAccuracy)
{
    /// <param name="points">(n, d), n at least 4.</param>
    /// <param name="map">(n, c), the same points in the map.</param>
    /// <param name="labels">n class numbers; null where there are none.</param>
    /// <param name="neighbours">k of the ranks; as many as are defined where the points are too few for it.</param>
    /// <param name="perplexity">Of the divergence.</param>
    /// <param name="mostQueries">Of more points than this, ranks and silhouette look from so many.</param>
    public static EmbeddingQuality Of(
        float[,] points, float[,] map, IReadOnlyList<int>? labels = null, int neighbours = 15, double perplexity = 30,
        int mostQueries = 2000)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(map);
        var n = points.GetLength(0);
        return new EmbeddingQuality(
            RankComparison.Of(points, map, Math.Min(neighbours, Math.Max(1, (n - 1) / 2)), mostQueries),
            map.GetLength(1) is 2 or 3 && 3 * perplexity <= n - 1 ? NeighbourDivergence.Of(points, map, perplexity) : null,
            labels is null ? null : Evaluation.Silhouette.Of(map, labels, mostQueries),
            labels is null ? null : Evaluation.KnnAccuracy.LeaveOneOut(map, labels, Math.Min(5, n - 1)));
    }
}
