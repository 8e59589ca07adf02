namespace MedTransfer.Reduction.Linear;

/// <summary>Principal components of fitted points. Fitted and new points are placed alike, by (x - mean) . component, in
/// units of its standard deviation where whitened.</summary>
public sealed class PcaMap : IFittedMap
{
    /// <summary>Below this share of the largest variance, a variance is rounding.</summary>
    private const double Negligible = 1e-14;

    private readonly double[] _mean;
    private readonly double[][] _components;
    private readonly LinearPlaces _places;

    internal PcaMap(float[,] points, double[] mean, Spectrum spectrum, PcaOptions options)
    {
        var (squares, total) = (spectrum.Squares, spectrum.Total);
        (_mean, _components, IsWhitened) = (mean, spectrum.Directions, options.Whiten);
        var n = points.GetLength(0);
        SingularValues = [.. squares.Select(Math.Sqrt)];
        ExplainedVariance = [.. squares.Select(square => square / (n - 1))];
        ExplainedVarianceRatio = [.. squares.Select(square => total > 0 ? square / total : 0)];
        // What does not vary has no unit to be measured in, and is 0 in any.
        var units = ExplainedVariance.Select(variance => options.Whiten && variance > Negligible * squares[0] / (n - 1) ? Math.Sqrt(variance) : 1);
        _places = new LinearPlaces(mean, _components, [.. units], options.MaxThreads);
        Embedding = _places.Of(points);
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
        return _places.Of(points);
    }

    /// <summary>(m, d): the points at these (m, components) places, mean + sum of place times component.</summary>
    public float[,] InverseTransform(float[,] places)
    {
        PointMatrix.RequirePlaces(places, _components.Length, "PCA");
        return _places.Inverse(places);
    }
}
