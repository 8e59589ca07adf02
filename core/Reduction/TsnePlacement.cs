using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedTransfer.Reduction;

/// <summary>
/// Places new points into a map that stands still, each by the divergence of its own row: sum over j of p_j log(p_j / q_j),
/// where q_j = (1 + |y - y_j|^2)^-1 / sum over the map's points.
/// </summary>
internal sealed class TsnePlacement(float[,] points, float[,] embedding, TsneOptions options)
{
    private const int Steps = 50;
    private const float LearningRate = 0.1f;
    private const float Momentum = 0.8f;

    /// <summary>No step is longer, in units of the map: a point settles near where it started.</summary>
    private const float LongestStep = 0.25f;

    private const int RowBlock = 8;

    private readonly NeighbourIndex _points = new(points, Perplexities.NeighboursFor(options.PlacementPerplexity), options.MaxThreads);
    private readonly Positions _map = new(embedding);
    private readonly double _perplexity = Math.Min(options.PlacementPerplexity, options.Perplexity);

    /// <summary>(m, 2)</summary>
    internal float[,] Place(float[,] newPoints)
    {
        var count = newPoints.GetLength(0);
        var places = new float[count, 2];
        if (count == 0) return places;
        var neighbours = Neighbours.Of(newPoints, _points, Perplexities.NeighboursFor(_perplexity), options.MaxThreads);
        var affinities = Perplexities.Conditional(neighbours.SquaredDistance, _perplexity, options.MaxThreads);
        FixedOrder.ForEachPart((count + RowBlock - 1) / RowBlock, options.MaxThreads, block =>
        {
            for (var i = block * RowBlock; i < Math.Min(count, (block + 1) * RowBlock); i++)
                (places[i, 0], places[i, 1]) = Settle(i, neighbours.Index, affinities);
        });
        return places;
    }

    private (float X, float Y) Settle(int i, int[,] neighbours, double[,] affinities)
    {
        var (meanX, meanY) = (0.0, 0.0);
        for (var k = 0; k < neighbours.GetLength(1); k++)
        {
            meanX += affinities[i, k] * _map.X[neighbours[i, k]];
            meanY += affinities[i, k] * _map.Y[neighbours[i, k]];
        }

        var (x, y, stepX, stepY) = ((float)meanX, (float)meanY, 0f, 0f);
        for (var step = 0; step < Steps; step++)
        {
            var (pullX, pullY) = Attraction(i, neighbours, affinities, x, y);
            var (pushX, pushY) = Repulsion(x, y);
            (stepX, stepY) = (Momentum * stepX - LearningRate * (pullX - pushX), Momentum * stepY - LearningRate * (pullY - pushY));
            var length = MathF.Sqrt(stepX * stepX + stepY * stepY);
            if (length > LongestStep) (stepX, stepY) = (stepX * LongestStep / length, stepY * LongestStep / length);
            (x, y) = (x + stepX, y + stepY);
        }
        return (x, y);
    }

    private (float X, float Y) Attraction(int i, int[,] neighbours, double[,] affinities, float x, float y)
    {
        var (sumX, sumY) = (0f, 0f);
        for (var k = 0; k < neighbours.GetLength(1); k++)
        {
            var (awayX, awayY) = (x - _map.X[neighbours[i, k]], y - _map.Y[neighbours[i, k]]);
            var pull = (float)affinities[i, k] / (1 + awayX * awayX + awayY * awayY);
            (sumX, sumY) = (sumX + pull * awayX, sumY + pull * awayY);
        }
        return (sumX, sumY);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float X, float Y) Repulsion(float x, float y)
    {
        var (hereX, hereY, one) = (Vector256.Create(x), Vector256.Create(y), Vector256<float>.One);
        Vector256<float> z = default, sumX = default, sumY = default;
        for (var j = 0; j < _map.Padded; j += Positions.Lanes)
        {
            var (awayX, awayY) = (hereX - Vector256.Create(_map.X, j), hereY - Vector256.Create(_map.Y, j));
            var q = one / Vector256.FusedMultiplyAdd(awayX, awayX, Vector256.FusedMultiplyAdd(awayY, awayY, one));
            z += q;
            q *= q;
            sumX = Vector256.FusedMultiplyAdd(q, awayX, sumX);
            sumY = Vector256.FusedMultiplyAdd(q, awayY, sumY);
        }
        var total = FixedOrder.Sum(z);
        return ((float)(FixedOrder.Sum(sumX) / total), (float)(FixedOrder.Sum(sumY) / total));
    }
}
