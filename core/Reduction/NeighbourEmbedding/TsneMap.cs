namespace MedTransfer.Reduction.NeighbourEmbedding;

/// <summary>A finished t-SNE map, into which new points can be placed.</summary>
public sealed class TsneMap : IFittedMap
{
    private readonly TsneOptions _options;
    private readonly int _width;
    private readonly double[]? _origins;
    private readonly Lazy<TsnePlacement> _placement;

    /// <param name="points">As fitted, less the origins.</param>
    internal TsneMap(float[,] points, double[]? origins, float[,] embedding, TsneOptions options)
    {
        (_options, _width, _origins, Embedding) = (options, points.GetLength(1), origins, embedding);
        // A copy: the caller may go on to change the points.
        var own = (float[,])points.Clone();
        _placement = new Lazy<TsnePlacement>(() => new TsnePlacement(own, embedding, options));
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>KL(P || Q) of the map in nats, without exaggeration; 0 would be a perfect map. Comparable only between maps of the same points.</summary>
    public required double KlDivergence { get; init; }

    /// <summary>As fitted.</summary>
    public double Perplexity => _options.Perplexity;

    /// <summary>Early and later iterations together.</summary>
    public int Iterations => _options.EarlyIterations + _options.Iterations;

    /// <inheritdoc/>
    /// <remarks>
    /// A new point starts at the mean of its neighbours' places, weighted by its affinities to them, and descends the divergence of
    /// its own row while the map stands still (Policar, Strazar and Zupan, Machine Learning 112, 2023).
    /// </remarks>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _width, "t-SNE");
        return _placement.Value.Place(PointMatrix.Moved(points, _origins));
    }
}
