namespace MedTransfer.Evaluation;

/// <summary>How far neighbours in a map are neighbours in the data (Venna and Kaski, ICANN 2001), seen from every point.</summary>
public static class Trustworthiness
{
    /// <inheritdoc cref="RankComparison.Trustworthiness"/>
    /// <param name="points">(n, d), the data.</param>
    /// <param name="map">(n, c), the same points in the map.</param>
    /// <param name="k">Neighbours, 1 to below n / 2.</param>
    public static double Of(float[,] points, float[,] map, int k = 5) =>
        RankComparison.Of(points, map, k, int.MaxValue).Trustworthiness;
}
