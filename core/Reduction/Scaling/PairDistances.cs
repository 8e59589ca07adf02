using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Scaling;

/// <summary>How far two points x and y are apart.</summary>
public enum PairDistance
{
    /// <summary>|x - y|, in the points' unit.</summary>
    Euclidean,

    /// <summary>Sum of |x_j - y_j| over columns, in the points' unit.</summary>
    Manhattan,

    /// <summary>1 - x . y / (|x| |y|), 0 to 2; 1 where one of them is 0, 0 where both are.</summary>
    Cosine,
}

/// <summary>Distances of any point from each fitted one, in double.</summary>
internal sealed class PairDistances
{
    private readonly PairDistance _kind;
    private readonly double[] _origin;
    private readonly double[][] _points;
    private readonly int? _threads;

    internal PairDistances(float[,] points, PairDistance kind, int? threads)
    {
        (_kind, _threads, Width) = (kind, threads, points.GetLength(1));
        _origin = kind == PairDistance.Cosine ? new double[Width] : ColumnMeans.Of(points, threads);
        _points = new double[points.GetLength(0)][];
        for (var i = 0; i < _points.Length; i++) _points[i] = Moved(points, i);
    }

    internal int Count => _points.Length;

    internal int Width { get; }

    /// <summary>Writes the distances of fitted point i from each fitted one, in this unit.</summary>
    internal void Of(int i, double unit, Span<float> distances)
    {
        for (var j = 0; j < distances.Length; j++) distances[j] = i == j ? 0 : (float)(Of(_points[i], _points[j]) / unit);
    }

    /// <summary>Writes the distances of a new point from each fitted one.</summary>
    internal void Of(float[,] points, int row, Span<double> distances)
    {
        var point = Moved(points, row);
        for (var j = 0; j < _points.Length; j++) distances[j] = Of(point, _points[j]);
    }

    /// <summary>A function of the distance of every two fitted points.</summary>
    internal PairMatrix Matrix(Func<double, double> function, CancellationToken cancellation)
    {
        var matrix = new PairMatrix(Count, _threads);
        FixedOrder.ForEachPart(Count, _threads, i =>
        {
            var row = matrix.Row(i);
            for (var j = 0; j < i; j++) row[j] = (float)function(Of(_points[i], _points[j]));
            row[i] = (float)function(0);
        }, cancellation);
        return matrix;
    }

    private double[] Moved(float[,] points, int row)
    {
        var point = new double[Width];
        DoubleVectors.Subtract(PointMatrix.Row(points, row), _origin, point);
        return point;
    }

    private double Of(double[] x, double[] y)
    {
        switch (_kind)
        {
            case PairDistance.Euclidean:
                return Math.Sqrt(DoubleVectors.SquaredDistance(x, y));
            case PairDistance.Manhattan:
                var sum = 0.0;
                for (var j = 0; j < x.Length; j++) sum += Math.Abs(x[j] - y[j]);
                return sum;
            default:
                var (squareX, squareY) = (DoubleVectors.Dot(x, x), DoubleVectors.Dot(y, y));
                if (squareX == 0 || squareY == 0) return squareX == squareY ? 0 : 1;
                return Math.Clamp(1 - DoubleVectors.Dot(x, y) / Math.Sqrt(squareX * squareY), 0, 2);
        }
    }
}
