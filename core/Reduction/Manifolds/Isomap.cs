using MedTransfer.Numerics;
using MedTransfer.Numerics.Graphs;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>Options of <see cref="Isomap"/>, the defaults those of the field's reference implementation.</summary>
public sealed record IsomapOptions
{
    /// <summary>Components to keep, 1 to n - 1; 2 unless set.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Nearest points that each is joined to, 1 to n - 1; 5 unless set.</summary>
    public int Neighbours { get; init; } = 5;

    /// <summary>Most threads to use, 1 or more; null (the default) for every core. Never changes the result.</summary>
    public int? MaxThreads { get; init; }
}

/// <summary>
/// Isomap (Tenenbaum, de Silva and Langford, "A global geometric framework for nonlinear dimensionality reduction", Science 2000): classical scaling of lengths of shortest
/// paths through near points. Parts of the graph that no path joins are joined by the shortest edge between every two, and <see cref="IsomapMap.Parts"/> says so. A new
/// point is placed by its paths through its own neighbours (Bengio et al., NIPS 2003). Memory: 2 n^2 bytes; time grows as n^2 log n.
/// </summary>
public sealed class Isomap(IsomapOptions options) : IReducer
{
    internal const string Name = "Isomap";

    /// <summary>Sources whose paths one thread finds in a row.</summary>
    private const int SourceBlock = 16;

    /// <summary>With every option at its default.</summary>
    public Isomap() : this(new IsomapOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told the points whose paths are known.</param>
    public IsomapMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        var space = new NeighbourSpace(points, options.Neighbours, options.MaxThreads, cancellation);
        var graph = NeighbourGraphs.Joined(space.Points, space.Among(cancellation), options.MaxThreads, out var parts, cancellation);
        var matrix = Paths(graph, progress, cancellation);
        var placement = PairPlacement.Of(matrix, options.Components, 1.0 / PointUnit.Of(space.Points), options.MaxThreads, cancellation);
        progress?.Report(new ReductionProgress(matrix.Size, matrix.Size, null));
        return new IsomapMap(space, matrix, placement, parts, options);
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(IsomapOptions.MaxThreads));
        ComponentsOption.Require(options.Components, points - 1, points, columns, Name);
        NeighbourGraphs.Require(options.Neighbours, 1, points, Name);
        MemoryNeed.RequirePairs(2, points, Name);
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);

    /// <summary>Negative halves of squared lengths of shortest paths.</summary>
    private PairMatrix Paths(SparseGraph graph, IProgress<ReductionProgress>? progress, CancellationToken cancellation)
    {
        var matrix = new PairMatrix(graph.Nodes, options.MaxThreads);
        using var searches = new ThreadLocal<ShortestPaths>(() => new ShortestPaths(graph));
        var done = 0;
        FixedOrder.ForEachPart((graph.Nodes + SourceBlock - 1) / SourceBlock, options.MaxThreads, block =>
        {
            for (var i = block * SourceBlock; i < Math.Min(graph.Nodes, (block + 1) * SourceBlock); i++)
            {
                var lengths = searches.Value!.From(i);
                var row = matrix.Row(i);
                for (var j = 0; j < row.Length; j++) row[j] = (float)(-lengths[j] * lengths[j] / 2);
            }

            var soFar = Interlocked.Add(ref done, SourceBlock);
            if (soFar < graph.Nodes) progress?.Report(new ReductionProgress(soFar, graph.Nodes, null));
        }, cancellation);
        return matrix;
    }
}

/// <summary>Places by lengths of paths, of fitted points and of new ones.</summary>
public sealed class IsomapMap : INeighbourGraphMap
{
    private readonly NeighbourSpace _space;
    private readonly PairMatrix _matrix;
    private readonly PairPlacement _placement;
    private readonly IsomapOptions _options;

    internal IsomapMap(NeighbourSpace space, PairMatrix matrix, PairPlacement placement, int parts, IsomapOptions options)
    {
        (_space, _matrix, _placement, _options, Parts) = (space, matrix, placement, options, parts);
        Embedding = placement.Fitted();
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>Of the centred inner products of the paths' lengths, largest first, 0 or more: sums of squares of the embedding's columns.</summary>
    public IReadOnlyList<double> Eigenvalues => _placement.Eigenvalues;

    /// <inheritdoc/>
    public int Parts { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _space.Width, Isomap.Name);
        if (points.Length == 0) return new float[0, _options.Components];
        var neighbours = _space.Of(_space.Moved(points));
        return _placement.Place(points.GetLength(0), (i, lengths) =>
        {
            lengths.Fill(double.PositiveInfinity);
            for (var k = 0; k < _options.Neighbours; k++)
            {
                var (near, away) = (neighbours.Index[i, k], Math.Sqrt(neighbours.SquaredDistance[i, k]));
                for (var j = 0; j < lengths.Length; j++) lengths[j] = Math.Min(lengths[j], away + Math.Sqrt(-2.0 * _matrix[near, j]));
            }

            for (var j = 0; j < lengths.Length; j++) lengths[j] *= -lengths[j] / 2;
        });
    }
}
