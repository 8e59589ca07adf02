using MedTransfer.Reduction.Linear;

namespace MedTransfer.Reduction.Scaling;

/// <summary>Options of <see cref="ClassicalMds"/>.</summary>
public sealed record ClassicalMdsOptions
{
    /// <summary>Components to keep, 1 to n - 1 (of Euclidean distances to min(n - 1, d)); 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary><see cref="PairDistance.Euclidean"/> unless set.</summary>
    public PairDistance Distance { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Classical multidimensional scaling (Torgerson, "Multidimensional scaling: I. Theory and method", Psychometrika 1952; Gower 1966): the places whose inner products are
/// nearest to those of the distances. Of Euclidean distances it is principal component analysis, and found as that, without a distance of any pair; of others from
/// the largest eigenvectors of the centred squares: 2 n^2 bytes. Distances that no space has give negative eigenvalues, of which nothing is drawn. New points are
/// placed by their distances from the fitted ones (Gower, "Adding a point to vector diagrams in multivariate analysis", Biometrika 1968).
/// </summary>
public sealed class ClassicalMds(ClassicalMdsOptions options) : IReducer
{
    internal const string Name = "Classical MDS";

    /// <summary>With every option at its default.</summary>
    public ClassicalMds() : this(new ClassicalMdsOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told once, at the end.</param>
    public ClassicalMdsMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var map = options.Distance == PairDistance.Euclidean ? ByDirections(points, cancellation) : ByPairs(points, cancellation);
        progress?.Report(new ReductionProgress(1, 1, null));
        return map;
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(ClassicalMdsOptions.MaxThreads));
        var most = options.Distance == PairDistance.Euclidean ? Math.Min(points - 1, columns) : points - 1;
        ComponentsOption.Require(options.Components, most, points, columns, Name);
        if (options.Distance != PairDistance.Euclidean) MemoryNeed.RequirePairs(2, points, Name);
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);

    private ClassicalMdsMap ByDirections(float[,] points, CancellationToken cancellation)
    {
        var mean = ColumnMeans.Of(points, options.MaxThreads);
        var spectrum = new Scatter(points, mean, options.MaxThreads).Largest(options.Components, SpectralSolver.Auto, cancellation);
        var places = new LinearPlaces(mean, spectrum.Directions, null, options.MaxThreads);
        return new ClassicalMdsMap(places.Of(points), spectrum.Squares, points.GetLength(1), places.Of);
    }

    private ClassicalMdsMap ByPairs(float[,] points, CancellationToken cancellation)
    {
        var distances = new PairDistances(points, options.Distance, options.MaxThreads);
        // in this unit no square has no room in single precision
        var unit = options.Distance == PairDistance.Cosine ? 1 : 1.0 / PointUnit.Of(points);
        var matrix = distances.Matrix(distance => -(distance / unit) * (distance / unit) / 2, cancellation);
        var placement = PairPlacement.Of(matrix, options.Components, unit, options.MaxThreads, cancellation);
        return new ClassicalMdsMap(placement.Fitted(), placement.Eigenvalues, points.GetLength(1), fresh => placement.Place(fresh.GetLength(0), (i, pairs) =>
        {
            distances.Of(fresh, i, pairs);
            for (var j = 0; j < pairs.Length; j++) pairs[j] = -(pairs[j] / unit) * (pairs[j] / unit) / 2;
        }));
    }
}

/// <summary>Places by classical scaling, of fitted points and of new ones.</summary>
public sealed class ClassicalMdsMap : IFittedMap
{
    private readonly int _width;
    private readonly Func<float[,], float[,]> _place;

    internal ClassicalMdsMap(float[,] embedding, IReadOnlyList<double> eigenvalues, int width, Func<float[,], float[,]> place) =>
        (Embedding, Eigenvalues, _width, _place) = (embedding, eigenvalues, width, place);

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Of the centred inner products, largest first, 0 or more: sums of squares of the embedding's columns.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _width, ClassicalMds.Name);
        return _place(points);
    }
}
