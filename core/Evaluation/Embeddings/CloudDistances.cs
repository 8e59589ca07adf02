using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>
/// Whether a point is as far from a cloud as the cloud's own points: their distances are taken from the others, by five folds, as points lie nearer to a cloud that is made of them
/// than new ones do (Lee et al. 2018 for the distance).
/// </summary>
/// <param name="Cloud">Of all points.</param>
/// <param name="Distances">Of its points from clouds of the others, ascending.</param>
public sealed record CloudDistances(PointCloud Cloud, IReadOnlyList<float> Distances)
{
    /// <summary>Points that it takes: fewer say little of what is far.</summary>
    public const int FewestPoints = 20;

    /// <summary>Points that a cloud is made of at most; of more, so many that follow no pattern.</summary>
    public const int MostPoints = 4000;

    private const int Folds = 5;

    /// <summary>Of points; null where there are too few, or all are the same.</summary>
    /// <inheritdoc cref="OfEach" path="/param"/>
    public static CloudDistances? Of(float[,] points, IReadOnlyList<long>? groups = null) => OfEach(points, groups) is { } distances
        ? new(PointCloud.Of(QuerySample.Take(points, QuerySample.Rows(points.GetLength(0), MostPoints))), [.. distances.Order()])
        : null;

    /// <summary>How far each point lies from a cloud of others, in their order; null where there are too few, or all are the same.</summary>
    /// <param name="points">(N, D).</param>
    /// <param name="groups">Which points lie on one side of a fold, a number each (a patient's); null where each stands for itself.</param>
    public static float[]? OfEach(float[,] points, IReadOnlyList<long>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(points);
        var (count, sample) = (points.GetLength(0), QuerySample.Rows(points.GetLength(0), MostPoints));
        if (count < FewestPoints)
            return null;
        // by a number that follows no pattern, as images of a class may lie side by side
        int[] folds = [.. Enumerable.Range(0, count).Select(row => (int)(SplitMix64.At(0, (ulong)(groups?[row] ?? row)) % Folds))];
        var distances = new float[count];
        for (var fold = 0; fold < Folds; fold++)
        {
            int[] held = [.. Enumerable.Range(0, count).Where(row => folds[row] == fold)];
            var others = QuerySample.Take(points, [.. sample.Where(row => folds[row] != fold)]);
            if (held.Length == 0)
                continue;
            if (others.GetLength(0) < FewestPoints / 2 || AreTheSame(others))
                return null;
            var cloud = PointCloud.Of(others);
            Parallel.ForEach(held, row => distances[row] = (float)cloud.DistanceOf(RowOf(points, row)));
        }

        return distances;
    }

    /// <summary>A row of a matrix.</summary>
    internal static float[] RowOf(float[,] points, int row) => [.. Enumerable.Range(0, points.GetLength(1)).Select(column => points[row, column])];

    private static bool AreTheSame(float[,] points) =>
        Enumerable.Range(1, Math.Max(0, points.GetLength(0) - 1)).All(row => RowOf(points, row).AsSpan().SequenceEqual(RowOf(points, 0)));
}
