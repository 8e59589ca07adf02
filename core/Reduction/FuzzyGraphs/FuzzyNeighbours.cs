using MedTransfer.Numerics;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>How much a point's neighbours belong with it: exp(-(distance - nearest) / unit), the unit such that their sum is log2 of their number, the point itself counted.</summary>
internal static class FuzzyNeighbours
{
    private const int MostHalvings = 64;
    private const double Enough = 1e-5;

    /// <summary>A unit is at least this share of the mean distance.</summary>
    private const double LeastUnit = 1e-3;

    /// <summary>From each point to each neighbour that belongs with it at all.</summary>
    internal static IEnumerable<(int From, int To, double Weight)> Edges(Neighbours neighbours, int? threads)
    {
        var (n, k) = (neighbours.Index.GetLength(0), neighbours.Index.GetLength(1));
        var distances = new double[n][];
        FixedOrder.ForEachPart(n, threads, i => distances[i] = Distances(neighbours, i));
        var mean = distances.Sum(own => own.Sum()) / ((double)n * (k + 1));
        var weights = new double[n][];
        FixedOrder.ForEachPart(n, threads, i => weights[i] = Weights(distances[i], distances[i].FirstOrDefault(distance => distance > 0), k + 1, mean));
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < k; j++)
            {
                // what is too far to weigh anything joins nothing
                if (weights[i][j] > 0) yield return (i, neighbours.Index[i, j], weights[i][j]);
            }
        }
    }

    /// <summary>That either of two points is the other's neighbour, each with its own certainty.</summary>
    internal static double Either(double a, double b) => a + b - a * b;

    /// <summary>Of a new point, whose nearest neighbour may be far.</summary>
    internal static double[] Weights(Neighbours neighbours, int row)
    {
        var distances = Distances(neighbours, row);
        return Weights(distances, 0, distances.Length, distances.Average());
    }

    private static double[] Distances(Neighbours neighbours, int row)
    {
        var distances = new double[neighbours.Index.GetLength(1)];
        for (var j = 0; j < distances.Length; j++) distances[j] = Math.Sqrt(neighbours.SquaredDistance[row, j]);
        return distances;
    }

    /// <param name="nearest">Up to here points belong wholly.</param>
    /// <param name="count">Of neighbours, as the logarithm counts them.</param>
    /// <param name="mean">Of distances everywhere, which a point whose neighbours are all at its place is measured by.</param>
    private static double[] Weights(double[] distances, double nearest, int count, double mean)
    {
        var (low, high, unit) = (0.0, double.PositiveInfinity, 1.0);
        var wanted = Math.Log2(count);
        for (var halving = 0; halving < MostHalvings; halving++)
        {
            var sum = 0.0;
            foreach (var distance in distances) sum += Weight(distance, nearest, unit);
            if (Math.Abs(sum - wanted) < Enough) break;
            (low, high) = sum > wanted ? (low, unit) : (unit, high);
            unit = double.IsPositiveInfinity(high) ? unit * 2 : (low + high) / 2;
        }

        var own = distances.Average();
        unit = Math.Max(unit, LeastUnit * (nearest > 0 ? own : mean));
        return [.. distances.Select(distance => Weight(distance, nearest, unit))];
    }

    private static double Weight(double distance, double nearest, double unit) =>
        distance <= nearest || unit == 0 ? 1 : Math.Exp(-(distance - nearest) / unit);
}
