using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Linear;

/// <summary>Labelled points by class: means, and what is left of each point once its class's mean is taken from it, a column in units of its deviation within classes.</summary>
internal sealed class ClassScatter
{
    /// <summary>A deviation below this share of the class means is their rounding.</summary>
    private const double Negligible = 1e-10;

    private readonly float[,] _points;
    private readonly int[] _rows;
    private readonly int[] _classes;
    private readonly double[][] _means;
    private readonly int? _threads;

    /// <param name="labels">One a point; below 0 for none.</param>
    internal ClassScatter(float[,] points, IReadOnlyList<int> labels, int? threads)
    {
        (_points, _threads) = (points, threads);
        _rows = [.. Enumerable.Range(0, points.GetLength(0)).Where(i => labels[i] >= 0)];
        var classes = _rows.Select(row => labels[row]).Distinct().Order().ToArray();
        _classes = [.. _rows.Select(row => Array.BinarySearch(classes, labels[row]))];
        Counts = [.. Enumerable.Range(0, classes.Length).Select(k => _classes.Count(own => own == k))];
        _means = Means();
        Mean = new double[Width];
        for (var k = 0; k < Counts.Length; k++) DoubleVectors.Add(Mean, (double)Counts[k] / _rows.Length, _means[k]);
        Units = Deviations();
    }

    /// <summary>Labelled points a class.</summary>
    internal int[] Counts { get; }

    /// <summary>Labelled points.</summary>
    internal int Points => _rows.Length;

    internal int Width => _points.GetLength(1);

    /// <summary>Of all labelled points, length d.</summary>
    internal double[] Mean { get; }

    /// <summary>Length d: standard deviation within classes (points less classes in the denominator); infinite where a column varies in none, so that it is 0 in its unit.</summary>
    internal double[] Units { get; }

    /// <summary>(classes, d): means of classes less that of all, in the columns' units, times the root of the class's points.</summary>
    internal double[][] Between() =>
    [
        .. _means.Select((mean, k) =>
        {
            var between = new double[Width];
            for (var j = 0; j < Width; j++) between[j] = (mean[j] - Mean[j]) / Units[j] * Math.Sqrt(Counts[k]);
            return between;
        }),
    ];

    /// <summary>Z^T Z of the rows that <see cref="Centre"/> gives, (d, d).</summary>
    internal double[,] Gram(CancellationToken cancellation) => GramMatrix.Of(Width, Points, _threads, (start, count, stride, block) =>
    {
        for (var p = 0; p < count; p++) Centre(start + p, block.AsSpan(p * stride, Width));
    }, cancellation);

    /// <summary>Z Z^T, (points, points).</summary>
    internal double[,] Products(double[][] rows, CancellationToken cancellation) => GramMatrix.Of(Points, Width, _threads, (start, count, stride, block) =>
    {
        for (var i = 0; i < rows.Length; i++)
        {
            for (var p = 0; p < count; p++) block[p * stride + i] = rows[i][start + p];
        }
    }, cancellation);

    /// <summary>Z, (points, d).</summary>
    internal double[][] Rows()
    {
        var rows = new double[Points][];
        FixedOrder.ForEachPart(Points, _threads, i =>
        {
            rows[i] = new double[Width];
            Centre(i, rows[i]);
        });
        return rows;
    }

    /// <summary>z of the labelled point at this place.</summary>
    private void Centre(int place, Span<double> row)
    {
        DoubleVectors.Subtract(PointMatrix.Row(_points, _rows[place]), _means[_classes[place]], row);
        for (var j = 0; j < row.Length; j++) row[j] /= Units[j];
    }

    private double[][] Means()
    {
        var origins = PointMatrix.Origins(_points) ?? new double[Width];
        var sums = FixedOrder.Sums(Points, Counts.Length * Width, _threads, (start, end, sum) =>
        {
            var moved = new double[Width];
            for (var i = start; i < end; i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(_points, _rows[i]), origins, moved);
                DoubleVectors.Add(sum.Slice(_classes[i] * Width, Width), 1, moved);
            }
        });
        var means = new double[Counts.Length][];
        for (var k = 0; k < means.Length; k++)
        {
            means[k] = [.. origins];
            DoubleVectors.Add(means[k], 1.0 / Counts[k], sums.AsSpan(k * Width, Width));
        }

        return means;
    }

    private double[] Deviations()
    {
        var units = FixedOrder.Sums(Points, Width, _threads, (start, end, sum) =>
        {
            var moved = new double[Width];
            for (var i = start; i < end; i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(_points, _rows[i]), _means[_classes[i]], moved);
                for (var j = 0; j < moved.Length; j++) sum[j] += moved[j] * moved[j];
            }
        });
        for (var j = 0; j < Width; j++)
        {
            units[j] = Math.Sqrt(units[j] / Math.Max(1, Points - Counts.Length));
            if (units[j] <= Negligible * _means.Max(mean => Math.Abs(mean[j]))) units[j] = double.PositiveInfinity;
        }

        return units;
    }
}
