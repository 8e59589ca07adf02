using MedTransfer.Reduction;

namespace MedTransfer.Evaluation;

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
