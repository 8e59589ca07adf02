namespace MedTransfer.Evaluation.Embeddings;

/// <summary>How far a map keeps distances, near and far.</summary>
public static class DistanceCorrelation
{
    /// <summary>
    /// Pearson's correlation of the Euclidean distances of all n (n - 1) / 2 pairs in the data and in the map, -1 to 1: what a Shepard
    /// diagram shows. 1 for any map that only moves, turns, mirrors or scales. Null where all distances of either are equal.
    /// </summary>
    /// <param name="points">(n, d), n at least 3.</param>
    /// <param name="map">(n, c), the same points in the map.</param>
    public static double? Of(float[,] points, float[,] map)
    {
        MapOfPoints.Require(points, map, nameof(DistanceCorrelation));
        var n = points.GetLength(0);
        if (n < 3)
            throw new MedTransferException($"{nameof(DistanceCorrelation)} takes 3 points, not {n}: give more.");

        double count = 0, meanX = 0, meanY = 0, squaresX = 0, squaresY = 0, products = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                // Welford's update: sums of squares would lose what far clouds differ by
                var (x, y) = (Distance(points, i, j), Distance(map, i, j));
                count++;
                var (fromX, fromY) = (x - meanX, y - meanY);
                meanX += fromX / count;
                meanY += fromY / count;
                squaresX += fromX * (x - meanX);
                squaresY += fromY * (y - meanY);
                products += fromX * (y - meanY);
            }
        }

        return squaresX == 0 || squaresY == 0 ? null : products / Math.Sqrt(squaresX * squaresY);
    }

    private static double Distance(float[,] points, int i, int j)
    {
        double sum = 0;
        for (var k = 0; k < points.GetLength(1); k++)
        {
            double difference = points[i, k] - points[j, k];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
