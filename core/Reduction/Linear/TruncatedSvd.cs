namespace MedTransfer.Reduction.Linear;

/// <summary>Options of <see cref="TruncatedSvd"/>.</summary>
public sealed record TruncatedSvdOptions
{
    /// <summary>Singular vectors to keep, 1 to min(n, d); 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary><see cref="SpectralSolver.Auto"/> unless set.</summary>
    public SpectralSolver Solver { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Truncated singular value decomposition: the product U S of X = U S V^T, the largest singular values first (Eckart and Young, "The
/// approximation of one matrix by another of lower rank", Psychometrika 1936; latent semantic analysis). PCA without centring: the first direction tends to
/// be that of the mean.
/// </summary>
public sealed class TruncatedSvd(TruncatedSvdOptions options) : IReducer
{
    private const string Name = "Truncated SVD";

    /// <summary>With every option at its default.</summary>
    public TruncatedSvd() : this(new TruncatedSvdOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told once, at the end.</param>
    public TruncatedSvdMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var origin = new double[points.GetLength(1)];
        var spectrum = new Scatter(points, origin, options.MaxThreads).Largest(options.Components, options.Solver, cancellation);
        var map = new TruncatedSvdMap(points, spectrum, options.MaxThreads);
        progress?.Report(new ReductionProgress(1, 1, null));
        return map;
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(TruncatedSvdOptions.MaxThreads));
        ComponentsOption.Require(options.Components, Math.Min(points, columns), points, columns, Name);
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);
}

/// <summary>Right singular vectors of fitted points. Fitted and new points are placed alike, by x . component.</summary>
public sealed class TruncatedSvdMap : IFittedMap
{
    private readonly double[][] _components;
    private readonly LinearPlaces _places;

    internal TruncatedSvdMap(float[,] points, Spectrum spectrum, int? threads)
    {
        _components = spectrum.Directions;
        _places = new LinearPlaces(new double[points.GetLength(1)], _components, null, threads);
        SingularValues = [.. spectrum.Squares.Select(Math.Sqrt)];
        Embedding = _places.Of(points);
        ExplainedVarianceRatio = Ratios(points, spectrum, threads);
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Unit vectors of length d, by falling singular value; the largest entry by size is positive.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Components => _components;

    /// <summary>Length of each column of the embedding.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>Share of the points' variance round their mean along each component, 0 to 1, not falling in general; 0 where the points do not vary.</summary>
    public IReadOnlyList<double> ExplainedVarianceRatio { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _components[0].Length, "Truncated SVD");
        return _places.Of(points);
    }

    /// <summary>(m, d): the points at these (m, components) places, the sum of place times component.</summary>
    public float[,] InverseTransform(float[,] places)
    {
        PointMatrix.RequirePlaces(places, _components.Length, "Truncated SVD");
        return _places.Inverse(places);
    }

    /// <summary>The sum of squares along a direction, less what the mean has of it, is the variance along it.</summary>
    private double[] Ratios(float[,] points, Spectrum spectrum, int? threads)
    {
        var n = points.GetLength(0);
        var mean = ColumnMeans.Of(points, threads);
        var along = _components.Select(component => Numerics.DoubleVectors.Dot(mean, component)).ToArray();
        var total = spectrum.Total - n * Numerics.DoubleVectors.Dot(mean, mean);
        // what is left of two sums that are the same but for rounding says nothing
        var isConstant = total <= 1e-12 * spectrum.Total;
        return [.. spectrum.Squares.Select((square, k) => isConstant ? 0 : Math.Clamp((square - n * along[k] * along[k]) / total, 0, 1))];
    }
}
