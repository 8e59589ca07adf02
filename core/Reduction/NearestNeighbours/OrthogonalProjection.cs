using MedTransfer.Numerics;
using MedTransfer.Reduction.Linear;

namespace MedTransfer.Reduction.NearestNeighbours;

/// <summary>
/// An orthogonal projection of points, with the norm of the residual as one more column: fewer columns, in which no two points are farther
/// apart than they were. What is far apart here need not be looked at in all its columns.
/// </summary>
internal sealed class OrthogonalProjection
{
    /// <summary>Rows that the axes are fitted to: any axes are right, good ones are fast.</summary>
    private const int SampleSize = 512;

    private readonly double _unit;
    private readonly double[] _mean;
    private readonly double[][]? _axes;

    private OrthogonalProjection(double unit, double[] mean, double[][]? axes) => (_unit, _mean, _axes) = (unit, mean, axes);

    /// <summary>Columns of the coordinates.</summary>
    internal int Columns => _axes is null ? _mean.Length : _axes.Length + 1;

    /// <summary>All columns of the points, moved to their mean.</summary>
    internal static OrthogonalProjection OntoAll(float[,] points, float unit)
    {
        var mean = new double[points.GetLength(1)];
        var rows = SampleRows(points.GetLength(0));
        foreach (var i in rows)
        {
            for (var j = 0; j < mean.Length; j++) mean[j] += (double)points[i, j] * unit / rows.Length;
        }
        return new OrthogonalProjection(unit, mean, null);
    }

    /// <summary>Onto the first principal axes of a sample; <paramref name="columns"/> with that of the residual.</summary>
    internal static OrthogonalProjection OntoPrincipal(float[,] points, float unit, int columns)
    {
        var rows = SampleRows(points.GetLength(0));
        var sample = new float[rows.Length, points.GetLength(1)];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < sample.GetLength(1); j++) sample[i, j] = points[rows[i], j] * unit;
        }
        var map = new Pca(new PcaOptions { Components = columns - 1, MaxThreads = 1 }).Fit(sample);
        return new OrthogonalProjection(unit, [.. map.Mean], [.. map.Components.Select(component => component.ToArray())]);
    }

    /// <summary>Onto the first of these axes.</summary>
    internal OrthogonalProjection OntoFirst(int columns) => new(_unit, _mean, _axes![..(columns - 1)]);

    /// <summary>(m x columns), a point after the other.</summary>
    internal float[] Apply(float[,] points, int? threads, CancellationToken cancellation = default)
    {
        const int Block = 256;
        var (m, columns) = (points.GetLength(0), Columns);
        var coordinates = new float[(long)m * columns];
        FixedOrder.ForEachPart((m + Block - 1) / Block, threads, block =>
        {
            var centred = new double[_mean.Length];
            for (var i = block * Block; i < Math.Min(m, (block + 1) * Block); i++)
            {
                for (var j = 0; j < centred.Length; j++) centred[j] = points[i, j] * _unit - _mean[j];
                Apply(centred, coordinates.AsSpan(i * columns, columns));
            }
        }, cancellation);
        return coordinates;
    }

    private void Apply(double[] centred, Span<float> coordinates)
    {
        if (_axes is null)
        {
            for (var j = 0; j < centred.Length; j++) coordinates[j] = (float)centred[j];
            return;
        }
        var residual = DoubleVectors.Dot(centred, centred);
        for (var k = 0; k < _axes.Length; k++)
        {
            var along = DoubleVectors.Dot(centred, _axes[k]);
            coordinates[k] = (float)along;
            residual -= along * along;
        }
        coordinates[_axes.Length] = (float)Math.Sqrt(Math.Max(residual, 0));
    }

    private static int[] SampleRows(int count)
    {
        var size = Math.Min(count, SampleSize);
        return [.. Enumerable.Range(0, size).Select(i => (int)((long)i * count / size))];
    }
}
