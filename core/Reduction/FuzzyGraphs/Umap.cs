using MedTransfer.Numerics.Graphs;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>
/// UMAP (McInnes, Healy and Melville, "UMAP: Uniform manifold approximation and projection for dimension reduction", 2018): how much every two near points belong together,
/// each point's neighbourhood measured in its own unit, and a map in which the same do, as far as pulls along edges and pushes from points drawn at random bring it about.
/// Starts from the graph's own smoothest functions, each part that no path joins to others by itself. Pulls move both ends of an edge, one edge after the other in an
/// order that is fixed, see <see cref="UmapLayout"/>; pushes come from where points were before the epoch, drawn by the edge and the epoch: no number of threads
/// changes the map.
/// Memory grows with the neighbours.
/// </summary>
public sealed class Umap(UmapOptions options) : IReducer
{
    internal const string Name = "UMAP";

    /// <summary>With every option at its default.</summary>
    public Umap() : this(new UmapOptions()) { }

    /// <inheritdoc cref="IReducer.Fit"/>
    /// <param name="progress">Told after some epochs, the last as <see cref="ReductionProgress.Of"/>.</param>
    public UmapMap Fit(float[,] points, IProgress<ReductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        PointMatrix.RequireFittable(points, Name);
        var n = points.GetLength(0);
        RequireShape(n, points.GetLength(1));
        var space = new NeighbourSpace(points, options.NeighboursOf(n) - 1, options.MaxThreads, cancellation);
        var neighbours = space.Among(cancellation);
        var graph = SparseGraph.Of(n, FuzzyNeighbours.Edges(neighbours, options.MaxThreads), FuzzyNeighbours.Either);
        var (component, parts) = graph.Components();
        var layout = new UmapLayout(graph, options);
        var start = UmapStart.Of(space.Points, graph, component, parts, options, cancellation);
        var map = layout.Run(start, progress, cancellation);
        return new UmapMap(space, map, parts, options);
    }

    /// <inheritdoc/>
    public void RequireShape(int points, int columns)
    {
        PointMatrix.RequireShape(points, columns, Name);
        ThreadOption.Require(options.MaxThreads, nameof(UmapOptions.MaxThreads));
        ComponentsOption.Require(options.Components, points - 1, points, columns, Name);
        NeighbourGraphs.Require(options.NeighboursOf(points), 2, points, Name);
        Require(options.Spread > 0 && double.IsFinite(options.Spread), nameof(UmapOptions.Spread), options.Spread, "more than 0");
        Require(options.MinDistance >= 0 && options.MinDistance <= options.Spread, nameof(UmapOptions.MinDistance), options.MinDistance, "0 to Spread");
        Require(options.Epochs is null or >= 1, nameof(UmapOptions.Epochs), options.Epochs, "1 or more");
        Require(options.LearningRate > 0 && double.IsFinite(options.LearningRate), nameof(UmapOptions.LearningRate), options.LearningRate, "more than 0");
        Require(options.NegativeSamples >= 1, nameof(UmapOptions.NegativeSamples), options.NegativeSamples, "1 or more");
        Require(options.Seed >= 0, nameof(UmapOptions.Seed), options.Seed, "0 or more");
    }

    IFittedMap IReducer.Fit(float[,] points, IProgress<ReductionProgress>? progress, CancellationToken cancellation) =>
        Fit(points, progress, cancellation);

    private static void Require(bool holds, string option, double? value, string range)
    {
        if (!holds) throw new MedTransferException(FormattableString.Invariant($"{Name}'s {option} is {value}: set it to {range}."));
    }
}
