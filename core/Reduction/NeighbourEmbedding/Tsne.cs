using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>
/// t-distributed stochastic neighbour embedding into the plane or space (van der Maaten and Hinton, JMLR 9, 2008): points that are near each
/// other stay so, distances between clusters mean little. Neighbours are exact; forces are exact up to
/// <see cref="TsneOptions.MostExactPoints"/> points, and O(n) through a grid above; memory is O(n). 60,000 points take some 10 s on two
/// cores. Nothing is random. The points are used as they are, with no reduction before.
/// </summary>
public sealed class Tsne(TsneOptions options) : IReducer
{
    private const string Name = "t-SNE";

    /// <summary>With every option at its default.</summary>
    public Tsne() : this(new TsneOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="points">(n, d), n at least 3 x perplexity + 1.</param>
    /// <param name="progress">Told every 50 iterations, and at the end.</param>
    public TsneMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        RequireShape(points.GetLength(0), points.GetLength(1));
        // One column that is large and hardly varies would leave no digits for the others.
        var origins = PointMatrix.Origins(points);
        points = PointMatrix.Moved(points, origins);
        var start = TsneStart.Of(points, options, cancellation);

        // In an order in which neighbours are neighbours in memory, too, forces are gathered faster.
        var order = SpatialPermutation.Of(points, options.MaxThreads, cancellation);
        var affinities = SparseAffinities.Of(order.Apply(points), options.Perplexity, options.MaxThreads, cancellation);
        var objective = new TsneObjective(affinities, options.MaxThreads, options.UsesGrid(points.GetLength(0)));
        var map = new TsneDescent(objective, options, order.Apply(start)).Run(progress, cancellation);

        var iterations = options.EarlyIterations + options.Iterations;
        var divergence = objective.KlDivergence(map);
        progress?.Report(new ReductionProgress(iterations, iterations, divergence));
        return new TsneMap(points, origins, order.Undo(map), options) { KlDivergence = divergence };
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        options.Require(points);
        Perplexities.Require(options.Perplexity, points);
        TsneStart.Require(options, points);
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);
}
