using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Reduction.NeighbourEmbedding;

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

    /// <summary>(m, components)</summary>
    internal float[,] Place(float[,] newPoints)
    {
        var count = newPoints.GetLength(0);
        var places = new float[count, _map.Dimensions];
        if (count == 0) return places;
        var neighbours = Neighbours.Of(newPoints, _points, Perplexities.NeighboursFor(_perplexity), options.MaxThreads);
        var affinities = Perplexities.Conditional(neighbours.SquaredDistance, _perplexity, options.MaxThreads);
        FixedOrder.ForEachPart((count + RowBlock - 1) / RowBlock, options.MaxThreads, block =>
        {
            for (var i = block * RowBlock; i < Math.Min(count, (block + 1) * RowBlock); i++)
            {
                var place = Settle(i, neighbours.Index, affinities);
                for (var axis = 0; axis < _map.Dimensions; axis++) places[i, axis] = place.GetElement(axis);
            }
        });
        return places;
    }

    private Vector128<float> Settle(int i, int[,] neighbours, double[,] affinities)
    {
        var (meanX, meanY, meanZ) = (0.0, 0.0, 0.0);
        for (var k = 0; k < neighbours.GetLength(1); k++)
        {
            var (affinity, j) = (affinities[i, k], neighbours[i, k]);
            (meanX, meanY, meanZ) = (meanX + affinity * _map.X[j], meanY + affinity * _map.Y[j], meanZ + affinity * _map.Z[j]);
        }

        var place = Vector128.Create((float)meanX, (float)meanY, (float)meanZ, 0);
        Vector128<float> step = default;
        for (var count = 0; count < Steps; count++)
        {
            step = Momentum * step - LearningRate * (Attraction(i, neighbours, affinities, place) - Repulsion(place));
            var square = step * step;
            var length = MathF.Sqrt(square.ToScalar() + square.GetElement(1) + square.GetElement(2));
            if (length > LongestStep) step *= LongestStep / length;
            place += step;
        }
        return place;
    }

    private Vector128<float> Attraction(int i, int[,] neighbours, double[,] affinities, Vector128<float> place)
    {
        Vector128<float> sum = default;
        for (var k = 0; k < neighbours.GetLength(1); k++)
        {
            var j = neighbours[i, k];
            var away = place - Vector128.Create(_map.X[j], _map.Y[j], _map.Z[j], 0);
            var square = away * away;
            sum += away * ((float)affinities[i, k] / (1 + square.ToScalar() + square.GetElement(1) + square.GetElement(2)));
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<float> Repulsion(Vector128<float> place)
    {
        var (hereX, hereY, hereZ) = (Vector256.Create(place.ToScalar()), Vector256.Create(place.GetElement(1)), Vector256.Create(place.GetElement(2)));
        var one = Vector256<float>.One;
        Vector256<float> z = default, sumX = default, sumY = default, sumZ = default;
        for (var j = 0; j < _map.Padded; j += Positions.Lanes)
        {
            var (awayX, awayY, awayZ) = (hereX - Vector256.Create(_map.X, j), hereY - Vector256.Create(_map.Y, j), hereZ - Vector256.Create(_map.Z, j));
            var square = Vector256.FusedMultiplyAdd(awayX, awayX, Vector256.FusedMultiplyAdd(awayY, awayY, Vector256.FusedMultiplyAdd(awayZ, awayZ, one)));
            var q = one / square;
            z += q;
            q *= q;
            sumX = Vector256.FusedMultiplyAdd(q, awayX, sumX);
            sumY = Vector256.FusedMultiplyAdd(q, awayY, sumY);
            sumZ = Vector256.FusedMultiplyAdd(q, awayZ, sumZ);
        }
        var total = FixedOrder.Sum(z);
        return Vector128.Create(
            (float)(FixedOrder.Sum(sumX) / total), (float)(FixedOrder.Sum(sumY) / total), (float)(FixedOrder.Sum(sumZ) / total), 0);
    }
}
