using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Manifolds;

/// <summary>Places by what neighbourhoods say, of fitted points and of new ones.</summary>
public sealed class LocallyLinearMap : INeighbourGraphMap
{
    private readonly NeighbourSpace _space;
    private readonly LocallyLinearOptions _options;

    internal LocallyLinearMap(NeighbourSpace space, double[] values, double[][] vectors, int parts, LocallyLinearOptions options)
    {
        (_space, _options, Eigenvalues, Parts) = (space, options, values, parts);
        Embedding = PointMatrix.OfColumns(vectors);
    }

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <summary>How far neighbourhoods are violated along each column, smallest first, 0 or more; their sum is the field's reconstruction error.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <inheritdoc/>
    public int Parts { get; }

    /// <inheritdoc/>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _space.Width, _options.Name);
        var places = new float[points.GetLength(0), _options.Components];
        if (points.Length == 0) return places;
        var moved = _space.Moved(points);
        var neighbours = _space.Of(moved);
        FixedOrder.ForEachPart(places.GetLength(0), _options.MaxThreads, i =>
        {
            var near = new int[_options.NeighbourCount];
            for (var a = 0; a < near.Length; a++) near[a] = neighbours.Index[i, a];
            var weights = Barycentre.Weights(Barycentre.Products(_space.Points, moved, i, near), _options.Regularisation);
            for (var k = 0; k < _options.Components; k++)
            {
                var place = 0.0;
                for (var a = 0; a < near.Length; a++) place += weights[a] * Embedding[near[a], k];
                places[i, k] = (float)place;
            }
        });
        return places;
    }
}
