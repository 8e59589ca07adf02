using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>How far classes lie apart in points, and how far a map of points is one of them.</summary>
/// <param name="Silhouette">As <see cref="Embeddings.Silhouette"/>; null where undefined, also where all points lie at one place.</param>
/// <param name="KnnAccuracy">Share of points for whose class the nearest <see cref="Voters"/> others vote, see <see cref="Embeddings.KnnAccuracy"/>; null where all are of one class, or at one place, where none is nearest.</param>
/// <param name="Trustworthiness">Of a map with <see cref="Trusted"/> neighbours, or as many as it is defined for, see <see cref="Embeddings.Trustworthiness"/>; null of the points themselves, and where they or the map lie at one place.</param>
public sealed record Separation(double? Silhouette, double? KnnAccuracy, double? Trustworthiness)
{
    /// <summary>Nearest others that vote.</summary>
    public const int Voters = 5;

    /// <summary>Neighbours in a map that should be neighbours of the points.</summary>
    public const int Trusted = 6;

    /// <summary>The same figures as each gives alone, from one pass over the distances between the points and one over those in each map.</summary>
    /// <param name="points">(n, d), n above <see cref="Voters"/>.</param>
    /// <param name="labels">n class numbers.</param>
    /// <param name="maps">(n, c) each, the same points.</param>
    /// <returns>Of the points, then of each map.</returns>
    public static IReadOnlyList<Separation> Of(float[,] points, IReadOnlyList<int> labels, IReadOnlyList<float[,]> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        LabelledPoints.Require(points, labels, nameof(Separation));
        foreach (var map in maps) MapOfPoints.Require(points, map, nameof(Separation));
        var n = points.GetLength(0);
        if (n <= Voters)
            throw new MedTransferException($"{nameof(Separation)} takes more than {Voters} points, not {n}: give more.");
        var trusted = Math.Min(Trusted, (n - 1) / 2);
        var inMaps = maps.Select(map => Pass.Over(map, labels, trusted, null)).ToList();
        var excess = new long[maps.Count, n];
        var own = Pass.Over(points, labels, 0, (query, squared) =>
        {
            for (var map = 0; map < maps.Count; map++)
                excess[map, query] = DistanceRank.Beyond(squared, query, inMaps[map].Trusted, query, trusted).Excess;
        });
        double? Trust(int map) => OnePlace.Holds(points) || OnePlace.Holds(maps[map]) ? null : 1 - RankComparison.Scale(n, trusted, n) * Enumerable.Range(0, n).Sum(query => excess[map, query]);
        return [own.Of(null), .. inMaps.Select((pass, map) => pass.Of(Trust(map)))];
    }

    /// <param name="Trusted">(n, k) row numbers of each point's nearest others, nearest first.</param>
    private sealed record Pass(double? Silhouette, double? KnnAccuracy, int[,] Trusted)
    {
        public Separation Of(double? trustworthiness) => new(Silhouette, KnnAccuracy, trustworthiness);

        public static Pass Over(float[,] points, IReadOnlyList<int> labels, int trusted, DistanceRows.Visit? look)
        {
            var n = points.GetLength(0);
            var widths = new SilhouetteWidths(labels, [.. Enumerable.Range(0, n)]);
            var (voters, others) = (new int[n, Voters], new int[n, trusted]);
            using var searches = new ThreadLocal<NearestSoFar>(() => new NearestSoFar(Math.Max(Voters, trusted)));
            new DistanceRows(points).ForEach(points, null, (query, squared) =>
            {
                if (widths.AreDefined) widths.Look(query, squared);
                var nearest = searches.Value!.Among(squared, query);
                for (var j = 0; j < Voters; j++) voters[query, j] = NeighbourKey.Row(nearest[j]);
                for (var j = 0; j < trusted; j++) others[query, j] = NeighbourKey.Row(nearest[j]);
                look?.Invoke(query, squared);
            });
            var areApart = !OnePlace.Holds(points);
            return new(
                areApart && widths.AreDefined ? widths.Mean : null,
                areApart && labels.Distinct().Count() > 1 ? Embeddings.KnnAccuracy.ShareRight(voters, labels, labels) : null, others);
        }
    }
}
