namespace MedTransfer.Evaluation.Embeddings;

/// <summary>What can be said of a map of points in one go.</summary>
/// <param name="Ranks">Trustworthiness, continuity and neighbour recall, with the sample they were taken from.</param>
/// <param name="KlDivergence">
/// <see cref="NeighbourDivergence"/> in nats over all points; null for maps of other than 2 or 3 columns, and where there are too few points.
/// </param>
/// <param name="Silhouette">-1 to 1 in the map, over points of a class, <see cref="RankComparison.Queries"/> of them at most; null without labels, and where undefined.</param>
/// <param name="KnnAccuracy">
/// Share of the points of a class whose <see cref="Voters"/> nearest others of any class in the map vote for it; null without labels, and where there are not two classes.
/// </param>
public sealed record EmbeddingQuality(RankComparison Ranks, double? KlDivergence, double? Silhouette, double? KnnAccuracy)
{
    /// <summary>The class of points that are of none: neither judged nor heard.</summary>
    public const int NoClass = -1;

    private const int MostVoters = 5;

    /// <summary>Points of a class, which silhouette and accuracy are about.</summary>
    public int Labelled { get; private init; }

    /// <summary>Nearest others that vote: 5, or as many as there are.</summary>
    public int Voters { get; private init; } = MostVoters;

    /// <param name="points">(n, d), n at least 4.</param>
    /// <param name="map">(n, c), the same points in the map.</param>
    /// <param name="labels">n class numbers, <see cref="NoClass"/> for none; null where there are no labels.</param>
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
        if (labels is not null) LabelledPoints.Require(map, labels, "Quality");
        int[] rows = labels is null ? [] : [.. Enumerable.Range(0, n).Where(i => labels[i] != NoClass)];
        int[] classes = [.. rows.Select(i => labels![i])];
        var labelled = QuerySample.Take(map, rows);
        var voters = Math.Min(MostVoters, rows.Length - 1);
        return new EmbeddingQuality(
            RankComparison.Of(points, map, Math.Min(neighbours, Math.Max(1, (n - 1) / 2)), mostQueries),
            map.GetLength(1) is 2 or 3 && 3 * perplexity <= n - 1 ? NeighbourDivergence.Of(points, map, perplexity) : null,
            rows.Length == 0 ? null : Embeddings.Silhouette.Of(labelled, classes, mostQueries),
            classes.Distinct().Count() < 2 ? null : Embeddings.KnnAccuracy.LeaveOneOut(labelled, classes, voters))
        {
            Labelled = rows.Length,
            Voters = Math.Max(voters, 0),
        };
    }
}
