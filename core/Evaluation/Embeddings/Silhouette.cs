using System.Runtime.CompilerServices;
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
        if (mostQueries < 1) throw new MedTransferException($"Silhouette can't look from {mostQueries} points: set mostQueries to 1 or more.");
        var queries = QuerySample.Rows(labels.Count, mostQueries);
        var widths = new SilhouetteWidths(labels, queries);
        if (!widths.AreDefined) return null;
        new DistanceRows(points).ForEach(QuerySample.Take(points, queries), null, widths.Look);
        return widths.Mean;
    }
}

/// <summary>The widths of some points, each from its distances to all.</summary>
internal sealed class SilhouetteWidths
{
    private readonly int[] own, sizes, queries;
    private readonly double[] widths;

    /// <param name="labels">Class numbers of all points.</param>
    /// <param name="queries">Row numbers of the points that are looked from.</param>
    public SilhouetteWidths(IReadOnlyList<int> labels, int[] queries)
    {
        var classes = labels.Distinct().Order().ToList();
        own = [.. labels.Select(label => classes.BinarySearch(label))];
        sizes = new int[classes.Count];
        foreach (var c in own) sizes[c]++;
        (this.queries, widths) = (queries, new double[queries.Length]);
    }

    /// <summary>Whether they say anything: there are two classes, and points that are not alone in theirs.</summary>
    public bool AreDefined => sizes.Length > 1 && sizes.Any(size => size > 1);

    /// <summary>Mean width, once all queries were looked from.</summary>
    public double Mean => widths.Sum() / widths.Length;

    /// <summary>From one of the queries; of different ones at the same time.</summary>
    /// <param name="squared">Its squared distances to all points.</param>
    public void Look(int query, ReadOnlySpan<float> squared) => widths[query] = Width(squared, own, sizes, own[queries[query]]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
