using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Kernels;

/// <summary>Kernels of any point with each fitted one, in double.</summary>
internal sealed class KernelRows
{
    /// <summary>Points whose distances are enough to tell the median.</summary>
    private const int EnoughPoints = 1000;

    private readonly KernelPcaOptions _options;
    private readonly double[] _origin;
    private readonly double[][] _points;

    internal KernelRows(float[,] points, KernelPcaOptions options)
    {
        _options = options;
        Width = points.GetLength(1);
        // differences and centred products do not depend on where 0 is: there they lose no digits to it
        _origin = options.Kernel is KernelKind.Rbf or KernelKind.Linear ? ColumnMeans.Of(points, options.MaxThreads) : new double[Width];
        _points = new double[points.GetLength(0)][];
        for (var i = 0; i < _points.Length; i++) _points[i] = Moved(points, i);
        Gamma = options.Gamma ?? options.Kernel switch
        {
            KernelKind.Rbf => MedianScale(),
            KernelKind.Polynomial or KernelKind.Sigmoid => 1.0 / Width,
            _ => 1,
        };
    }

    internal int Count => _points.Length;

    internal int Width { get; }

    internal double Gamma { get; }

    internal bool HasGamma => _options.Kernel is KernelKind.Rbf or KernelKind.Polynomial or KernelKind.Sigmoid;

    /// <summary>Of every two fitted points.</summary>
    internal PairMatrix OfPairs(CancellationToken cancellation)
    {
        var matrix = new PairMatrix(_points.Length, _options.MaxThreads);
        var tooLarge = new bool[_points.Length];
        FixedOrder.ForEachPart(_points.Length, _options.MaxThreads, i =>
        {
            var row = matrix.Row(i);
            for (var j = 0; j <= i; j++) row[j] = (float)Of(_points[i], _points[j]);
            tooLarge[i] = row.ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
        }, cancellation);
        if (Array.IndexOf(tooLarge, true) is >= 0 and var first)
            throw new MedTransferException($"The kernel of row {first} (from 0) is too large for single precision: give points of smaller numbers, such as columns in units of their deviation.");
        return matrix;
    }

    /// <summary>Writes the kernel of a new point with each fitted one.</summary>
    internal void Of(float[,] points, int row, Span<double> kernels)
    {
        var point = Moved(points, row);
        for (var j = 0; j < _points.Length; j++) kernels[j] = Of(point, _points[j]);
    }

    private double[] Moved(float[,] points, int row)
    {
        var point = new double[Width];
        DoubleVectors.Subtract(PointMatrix.Row(points, row), _origin, point);
        return point;
    }

    private double Of(double[] x, double[] y)
    {
        switch (_options.Kernel)
        {
            case KernelKind.Rbf:
                return Math.Exp(-Gamma * DoubleVectors.SquaredDistance(x, y));
            case KernelKind.Linear:
                return DoubleVectors.Dot(x, y);
            case KernelKind.Polynomial:
                return Math.Pow(Gamma * DoubleVectors.Dot(x, y) + _options.Offset, _options.Degree);
            case KernelKind.Sigmoid:
                return Math.Tanh(Gamma * DoubleVectors.Dot(x, y) + _options.Offset);
            default:
                var lengths = Math.Sqrt(DoubleVectors.Dot(x, x) * DoubleVectors.Dot(y, y));
                return lengths > 0 ? DoubleVectors.Dot(x, y) / lengths : 0;
        }
    }

    private double MedianScale()
    {
        var rows = ColumnOrigin.SampleRows(_points.Length, EnoughPoints);
        var squares = new double[rows.Length * (rows.Length - 1) / 2];
        FixedOrder.ForEachPart(rows.Length, _options.MaxThreads, a =>
        {
            for (var b = 0; b < a; b++) squares[a * (a - 1) / 2 + b] = DoubleVectors.SquaredDistance(_points[rows[a]], _points[rows[b]]);
        });
        Array.Sort(squares);
        var median = squares[squares.Length / 2];
        if (median == 0) median = squares[^1];   // most points are the same
        return median > 0 ? 1 / (2 * median) : 1;
    }
}
