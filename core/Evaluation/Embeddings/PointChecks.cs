using MedTransfer.Numerics;
using MedTransfer.Reduction;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>What the scores of embeddings ask of their inputs.</summary>
internal static class LabelledPoints
{
    internal static void Require(float[,] points, IReadOnlyList<int> labels, string score)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(labels);
        if (points.GetLength(0) == 0 || points.GetLength(1) == 0)
            throw new MedTransferException(
                $"{score} got points of {points.GetLength(0)} rows and {points.GetLength(1)} columns: give at least one of each.");
        if (labels.Count != points.GetLength(0))
            throw new MedTransferException($"{score} got {points.GetLength(0)} points and {labels.Count} labels: give one label a point.");
        PointMatrix.RequireFinite(points, score);
    }
}

internal static class MapOfPoints
{
    /// <summary>Refuses a map that is not one of these points, row by row.</summary>
    internal static void Require(float[,] points, float[,] map, string score)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(map);
        if (points.GetLength(0) != map.GetLength(0))
            throw new MedTransferException(
                $"{score} got {points.GetLength(0)} points and a map of {map.GetLength(0)}: give the map of these points.");
        PointMatrix.RequireFinite(points, score);
        PointMatrix.RequireFinite(map, score);
    }
}

/// <summary>Points that nothing tells apart.</summary>
internal static class OnePlace
{
    /// <summary>Whether all points are the same.</summary>
    internal static bool Holds(float[,] points)
    {
        for (var i = 1; i < points.GetLength(0); i++)
        {
            for (var j = 0; j < points.GetLength(1); j++)
            {
                if (points[i, j] != points[0, j]) return false;
            }
        }

        return true;
    }
}

/// <summary>Which points a score looks from, where looking from all would take too long: always the same ones.</summary>
internal static class QuerySample
{
    /// <summary>Row numbers by rising number: all, or <paramref name="most"/> that follow no pattern.</summary>
    internal static int[] Rows(int count, int most)
    {
        var rows = Enumerable.Range(0, count);
        return [.. count <= most ? rows : rows.OrderBy(row => SplitMix64.At(0, (ulong)row + 1)).Take(most).Order()];
    }

    internal static float[,] Take(float[,] points, int[] rows)
    {
        var taken = new float[rows.Length, points.GetLength(1)];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < taken.GetLength(1); j++) taken[i, j] = points[rows[i], j];
        }
        return taken;
    }
}
