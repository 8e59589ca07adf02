using MedTransfer.Numerics;

namespace MedTransfer.Reduction;

/// <summary>Principal components of fitted points. Fitted and new points are placed alike, by (x - mean) . component, in
/// units of its standard deviation where whitened.</summary>
public sealed class PcaMap : IFittedMap
{
    private readonly double[] _mean;
    private const int RowBlock = 512;

    /// <summary>Below this share of the largest variance, a variance is rounding.</summary>
    private const double Negligible = 1e-14;

    private readonly double[][] _components;
    private readonly double[] _units;
    private readonly int? _threads;

    internal PcaMap(float[,] points, double[] mean, double[][] components, double[] eigenvalues, double total, PcaOptions options)
    {
        (_mean, _components, _threads, IsWhitened) = (mean, components, options.MaxThreads, options.Whiten);
        var n = points.GetLength(0);
        // Rounding can leave an eigenvalue of nothing just below zero.
        var squares = eigenvalues.Select(value => Math.Max(value, 0)).ToArray();
        SingularValues = [.. squares.Select(Math.Sqrt)];
        ExplainedVariance = [.. squares.Select(square => square / (n - 1))];
        ExplainedVarianceRatio = [.. squares.Select(square => total > 0 ? square / total : 0)];
        // What does not vary has no unit to be measured in, and is 0 in any.
        _units = [.. ExplainedVariance.Select(variance => options.Whiten && variance > Negligible * squares[0] / (n - 1) ? Math.Sqrt(variance) : 1)];
        Embedding = Place(points);
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Whether each column of the embedding is in units of its standard deviation.</summary>
    public bool IsWhitened { get; }

    /// <summary>Length d.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>Unit vectors of length d, by falling variance; the largest loading by size is positive.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Components => _components;

    /// <summary>Variance along each component, n - 1 in the denominator, in the points' unit squared.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>Share of the whole variance along each component, 0 to 1; 0 where the points do not vary.</summary>
    public IReadOnlyList<double> ExplainedVarianceRatio { get; }

    /// <summary>Length of each column of the embedding before whitening: sqrt((n - 1) variance).</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _mean.Length, "PCA");
        return Place(points);
    }

    /// <summary>(m, d): the points at these (m, components) places, mean + sum of place times component.</summary>
    public float[,] InverseTransform(float[,] places)
    {
        ArgumentNullException.ThrowIfNull(places);
        if (places.GetLength(1) != _components.Length)
            throw new MedTransferException(
                $"PCA kept {_components.Length} components, the places have {places.GetLength(1)} columns: give places of this map.");
        var points = new float[places.GetLength(0), _mean.Length];
        var point = new double[_mean.Length];
        for (var i = 0; i < places.GetLength(0); i++)
        {
            _mean.CopyTo(point, 0);
            for (var k = 0; k < _components.Length; k++) DoubleVectors.Add(point, places[i, k] * _units[k], _components[k]);
            for (var j = 0; j < point.Length; j++) points[i, j] = (float)point[j];
        }
        return points;
    }

    private float[,] Place(float[,] points)
    {
        var places = new float[points.GetLength(0), _components.Length];
        FixedOrder.ForEachPart((places.GetLength(0) + RowBlock - 1) / RowBlock, _threads, block =>
        {
            var centred = new double[_mean.Length];
            for (var i = block * RowBlock; i < Math.Min(places.GetLength(0), (block + 1) * RowBlock); i++)
            {
                DoubleVectors.Subtract(PointMatrix.Row(points, i), _mean, centred);
                for (var k = 0; k < _components.Length; k++) places[i, k] = (float)(DoubleVectors.Dot(centred, _components[k]) / _units[k]);
            }
        });
        return places;
    }
}
