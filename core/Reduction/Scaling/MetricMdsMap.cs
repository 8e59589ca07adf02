using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Scaling;

/// <summary>Places by least stress, of fitted points and of new ones.</summary>
public sealed class MetricMdsMap : IFittedMap
{
    private const int PlacementSteps = 200;

    /// <summary>A step this short, in the map's unit, ends the search for a place.</summary>
    private const double Settled = 1e-6;

    private readonly float[][] _columns;
    private readonly PairDistances _distances;
    private readonly Func<double, double>? _function;
    private readonly double _unit;
    private readonly int? _threads;

    internal MetricMdsMap(StressMajorisation map, PairDistances distances, Func<double, double>? function, double unit, int iterations, MetricMdsOptions options)
    {
        (_columns, _distances, _function, _unit, _threads) = (map.Columns, distances, function, unit, options.MaxThreads);
        (IsOrdinal, Iterations) = (options.IsOrdinal, iterations);
        var embedding = new float[distances.Count, _columns.Length];
        for (var i = 0; i < distances.Count; i++)
        {
            for (var c = 0; c < _columns.Length; c++) embedding[i, c] = (float)(_columns[c][i] * Unit);
        }

        Embedding = embedding;
        var stress = map.Stress();
        Stress = stress * Unit * Unit;
        NormalisedStress = Normalised(map, stress);
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Sum over pairs of (distance on the map - distance)^2, in the points' unit squared; where ordinal, from what became of the distances, whose mean square is 1.</summary>
    public double Stress { get; }

    /// <summary>Kruskal's stress-1, the root of <see cref="Stress"/> over the sum of squared distances on the map; 0 is a perfect map, 0 where all lie at one place.</summary>
    public double NormalisedStress { get; }

    /// <summary>Whether the order of distances was kept, rather than their size.</summary>
    public bool IsOrdinal { get; }

    /// <summary>Iterations it took.</summary>
    public int Iterations { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _distances.Width, MetricMds.Name);
        var places = new float[points.GetLength(0), _columns.Length];
        FixedOrder.ForEachPart(places.GetLength(0), _threads, i =>
        {
            var targets = new double[_distances.Count];
            _distances.Of(points, i, targets);
            for (var j = 0; j < targets.Length; j++) targets[j] /= _unit;
            var nearest = Array.IndexOf(targets, targets.Min());
            if (_function is not null)
            {
                for (var j = 0; j < targets.Length; j++) targets[j] = _function(targets[j]);
            }

            var place = Settle(targets, nearest);
            for (var c = 0; c < place.Length; c++) places[i, c] = (float)(place[c] * Unit);
        });
        return places;
    }

    /// <summary>From the place of the nearest fitted point by the same majorisation, the others standing still.</summary>
    private double[] Settle(double[] targets, int nearest)
    {
        var place = _columns.Select(column => (double)column[nearest]).ToArray();
        var next = new double[place.Length];
        for (var step = 0; step < PlacementSteps; step++)
        {
            next.AsSpan().Clear();
            for (var j = 0; j < targets.Length; j++)
            {
                var square = 0.0;
                for (var c = 0; c < place.Length; c++) square += (place[c] - _columns[c][j]) * (place[c] - _columns[c][j]);
                var ratio = square > 0 ? targets[j] / Math.Sqrt(square) : 0;
                for (var c = 0; c < place.Length; c++) next[c] += _columns[c][j] + ratio * (place[c] - _columns[c][j]);
            }

            var moved = 0.0;
            for (var c = 0; c < place.Length; c++)
            {
                next[c] /= targets.Length;
                moved = Math.Max(moved, Math.Abs(next[c] - place[c]));
                place[c] = next[c];
            }

            if (moved <= Settled) break;
        }

        return place;
    }

    /// <summary>Places by order alone have no unit of the points'.</summary>
    private double Unit => IsOrdinal ? 1 : _unit;

    private double Normalised(StressMajorisation map, double stress)
    {
        var n = _distances.Count;
        var squares = new double[n];
        FixedOrder.ForEachPart(n, _threads, i =>
        {
            for (var j = 0; j < i; j++)
            {
                double distance = map.Distance(i, j);
                squares[i] += distance * distance;
            }
        });
        var whole = squares.Sum();
        return whole > 0 ? Math.Sqrt(stress / whole) : 0;
    }
}
