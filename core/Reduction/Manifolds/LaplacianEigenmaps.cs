using MedTransfer.Numerics;
using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>Options of <see cref="LaplacianEigenmaps"/>, the defaults those of the field's reference implementation.</summary>
public sealed record LaplacianEigenmapsOptions
{
    /// <summary>Components to keep, 1 to n - 1; 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Nearest points that each is joined to, 1 to n - 1; null (the default) for a tenth of the points, the point itself counted, but 1 at least.</summary>
    public int? Neighbours { get; init; }

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }

    internal int NeighboursOf(int points) => Neighbours ?? Math.Max(points / 10 - 1, 1);
}

/// <summary>
/// Laplacian eigenmaps (Belkin and Niyogi, "Laplacian eigenmaps for dimensionality reduction and data representation", Neural Computation 2003), or spectral embedding: the
/// functions of the points that change least from neighbour to neighbour, for how much they vary over all: D^-1/2 v of the smallest eigenvectors v but the first, of length
/// 1, of the normalised Laplacian I - D^-1/2 A D^-1/2, A being 1 of points that are among each other's nearest, 1/2 where one is among the other's alone. Parts of the graph
/// that no path joins are joined by the shortest edges that together do. A new point is placed by its neighbours' mean over 1 - eigenvalue (the Nyström
/// formula: Bengio et al., NIPS 2003). Memory grows with points times neighbours: of the default, a tenth of the points, some 3 n^2 bytes.
/// </summary>
public sealed class LaplacianEigenmaps(LaplacianEigenmapsOptions options) : IReducer
{
    internal const string Name = "Laplacian eigenmaps";

    /// <summary>Neighbours from which on functions differ so much in how they change that products with the graph soon find the smoothest.</summary>
    private const int Many = 50;

    /// <summary>Multiplications of a factor beyond which products take its place: with many neighbours, which they are quick with, and with few.</summary>
    private const double MostWithMany = 2e9, MostWithFew = 1e11;

    /// <summary>With every option at its default.</summary>
    public LaplacianEigenmaps() : this(new LaplacianEigenmapsOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told once, at the end.</param>
    public LaplacianEigenmapsMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        var n = points.GetLength(0);
        RequireShape(n, points.GetLength(1));
        var space = new NeighbourSpace(points, options.NeighboursOf(n), options.MaxThreads, cancellation);
        var neighbours = NeighbourGraphs.JoinedNeighbours(space.Points, space.Among(cancellation), options.MaxThreads, out var parts, cancellation);
        var graph = SparseGraph.OfLists(neighbours, options.MaxThreads);
        var spectrum = NormalisedLaplacian.Of(graph, options.Components, options.NeighboursOf(n) < Many ? MostWithFew : MostWithMany, 1e-10, options.MaxThreads, cancellation);
        progress?.Report(new ReductionProgress(1, 1, null));
        return new LaplacianEigenmapsMap(space, spectrum.Values, spectrum.Functions, parts, options);
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(LaplacianEigenmapsOptions.MaxThreads));
        ComponentsOption.Require(options.Components, points - 1, points, columns, Name);
        NeighbourGraphs.Require(options.NeighboursOf(points), 1, points, Name);
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);
}

/// <summary>Places by functions on a graph of neighbours, of fitted points and of new ones.</summary>
public sealed class LaplacianEigenmapsMap : INeighbourGraphMap
{
    /// <summary>A function that changes so much from neighbour to neighbour can't be carried on: new points take their neighbours' mean.</summary>
    private const double LeastSmooth = 0.1;

    private readonly NeighbourSpace _space;
    private readonly LaplacianEigenmapsOptions _options;

    internal LaplacianEigenmapsMap(NeighbourSpace space, double[] values, double[][] functions, int parts, LaplacianEigenmapsOptions options)
    {
        (_space, _options, Eigenvalues, Parts) = (space, options, values, parts);
        Embedding = PointMatrix.OfColumns(functions);
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Of the normalised Laplacian, smallest first, 0 to 2.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <inheritdoc/>
    public int Parts { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _space.Width, LaplacianEigenmaps.Name);
        var places = new float[points.GetLength(0), _options.Components];
        if (points.Length == 0) return places;
        var neighbours = _space.Of(_space.Moved(points));
        var count = neighbours.Index.GetLength(1);
        FixedOrder.ForEachPart(places.GetLength(0), _options.MaxThreads, i =>
        {
            for (var k = 0; k < _options.Components; k++)
            {
                var sum = 0.0;
                for (var a = 0; a < count; a++) sum += Embedding[neighbours.Index[i, a], k];
                var smoothness = 1 - Eigenvalues[k];
                places[i, k] = (float)(sum / count / (smoothness < LeastSmooth ? 1 : smoothness));
            }
        });
        return places;
    }
}
