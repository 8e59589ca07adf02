using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Scaling;

/// <summary>
/// Numbers in the order of the pairs' distances that are nearest to the distances on the map (isotonic regression by pooling adjacent violators: Kruskal 1964), equal
/// where the distances are.
/// </summary>
internal sealed class MonotoneTargets
{
    private readonly int? _threads;

    /// <summary>Pairs by distance, i * n + j with j below i.</summary>
    private readonly long[] _pairs;

    /// <summary>Where the pairs of each distance that occurs begin, and their end.</summary>
    private readonly List<int> _starts = [];

    private readonly List<float> _distances = [];
    private readonly double[] _fitted;
    private readonly int _points;

    /// <param name="distances">(n, n)</param>
    internal MonotoneTargets(float[][] distances, int? threads)
    {
        (_points, _threads) = (distances.Length, threads);
        var count = _points * (long)(_points - 1) / 2;
        var keys = new float[count];
        _pairs = new long[count];
        var at = 0;
        for (var i = 0; i < _points; i++)
        {
            for (var j = 0; j < i; j++) (keys[at], _pairs[at++]) = (distances[i][j], (long)i * _points + j);
        }

        Array.Sort(keys, _pairs);
        for (var p = 0; p < keys.Length; p++)
        {
            if (p > 0 && keys[p] == keys[p - 1]) continue;
            _starts.Add(p);
            _distances.Add(keys[p]);
        }

        _starts.Add(keys.Length);
        _fitted = new double[_distances.Count];
    }

    /// <summary>Writes the numbers nearest to the map's distances into both halves of the targets, in a unit in which their mean square is 1.</summary>
    /// <param name="distance">Of two points on the map.</param>
    internal void Fit(Func<int, int, float> distance, float[][] targets)
    {
        var (values, weights, ends) = (new double[_fitted.Length], new double[_fitted.Length], new int[_fitted.Length]);
        FixedOrder.ForEachPart(16, _threads, part =>
        {
            var (start, end) = FixedOrder.Range(_fitted.Length, part, 16);
            for (var g = start; g < end; g++)
            {
                var sum = 0.0;
                for (var p = _starts[g]; p < _starts[g + 1]; p++) sum += distance((int)(_pairs[p] / _points), (int)(_pairs[p] % _points));
                weights[g] = _starts[g + 1] - _starts[g];
                values[g] = sum / weights[g];
            }
        });

        // blocks of equal numbers, each above the one before
        var blocks = 0;
        for (var g = 0; g < values.Length; g++)
        {
            var (value, weight) = (values[g], weights[g]);
            while (blocks > 0 && values[blocks - 1] >= value)
            {
                blocks--;
                value = (value * weight + values[blocks] * weights[blocks]) / (weight + weights[blocks]);
                weight += weights[blocks];
            }

            (values[blocks], weights[blocks], ends[blocks]) = (value, weight, g + 1);
            blocks++;
        }

        var squares = 0.0;
        for (var b = 0; b < blocks; b++) squares += weights[b] * values[b] * values[b];
        var unit = squares > 0 ? Math.Sqrt(_pairs.Length / squares) : 1;
        for (int b = 0, g = 0; b < blocks; b++)
        {
            for (; g < ends[b]; g++) _fitted[g] = values[b] * unit;
        }

        FixedOrder.ForEachPart(16, _threads, part =>
        {
            var (start, end) = FixedOrder.Range(_fitted.Length, part, 16);
            for (var g = start; g < end; g++)
            {
                for (var p = _starts[g]; p < _starts[g + 1]; p++)
                {
                    var (i, j) = (_pairs[p] / _points, _pairs[p] % _points);
                    targets[i][j] = targets[j][i] = (float)_fitted[g];
                }
            }
        });
    }

    /// <summary>What became of a distance, between those that occur on a straight line, beyond them as the nearest.</summary>
    internal Func<double, double> Function()
    {
        var (distances, fitted) = (_distances.ToArray(), (double[])_fitted.Clone());
        return distance =>
        {
            var at = Array.BinarySearch(distances, (float)distance);
            if (at >= 0) return fitted[at];
            var after = ~at;
            if (after == 0) return fitted[0];
            if (after == distances.Length) return fitted[^1];
            var share = (distance - distances[after - 1]) / ((double)distances[after] - distances[after - 1]);
            return fitted[after - 1] + share * (fitted[after] - fitted[after - 1]);
        };
    }
}
