using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>How well labelled points keep to their own class (Rousseeuw, J. Comput. Appl. Math. 20, 1987).</summary>
public static class Silhouette
{
    /// <summary>
    /// Mean over points of (b - a) / max(a, b), -1 to 1: a the mean distance to the others of the class, b to the nearest other class;
    /// 0 for a point alone in its class. Null where it says nothing: one class only, or every point alone in its own.
    /// </summary>
    /// <param name="points">(n, d), finite.</param>
    /// <param name="labels">n class numbers.</param>
    /// <param name="mostQueries">Of more points than this, the mean is over so many, always the same, each seen among all; 1 or more.</param>
    public static double? Of(float[,] points, IReadOnlyList<int> labels, int mostQueries = int.MaxValue)
    {
        LabelledPoints.Require(points, labels, nameof(Silhouette));
        var classes = labels.Distinct().Order().ToList();
        var own = labels.Select(label => classes.BinarySearch(label)).ToArray();
        var sizes = new int[classes.Count];
        foreach (var c in own) sizes[c]++;
        if (classes.Count < 2 || sizes.All(size => size == 1)) return null;

        if (mostQueries < 1) throw new MedTransferException($"Silhouette can't look from {mostQueries} points: set mostQueries to 1 or more.");
        var queries = QuerySample.Rows(own.Length, mostQueries);
        var widths = new double[queries.Length];
        new DistanceRows(points).ForEach(
            QuerySample.Take(points, queries), null, (q, squared) => widths[q] = Width(squared, own, sizes, own[queries[q]]));
        return widths.Sum() / widths.Length;
    }

    private static double Width(ReadOnlySpan<float> squared, int[] classes, int[] sizes, int own)
    {
        if (sizes[own] == 1) return 0;
        Span<double> sums = new double[sizes.Length];
        for (var j = 0; j < squared.Length; j++) sums[classes[j]] += Math.Sqrt(squared[j]);
        var within = sums[own] / (sizes[own] - 1);
        var nearest = double.PositiveInfinity;
        for (var c = 0; c < sizes.Length; c++)
        {
            if (c != own) nearest = Math.Min(nearest, sums[c] / sizes[c]);
        }
        var larger = Math.Max(within, nearest);
        return larger > 0 ? (nearest - within) / larger : 0;
    }
}
