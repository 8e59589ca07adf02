using MedTransfer.Numerics;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>A finished UMAP, into which new points can be placed.</summary>
public sealed class UmapMap : INeighbourGraphMap
{
    /// <summary>New points move by a share of the first steps that fitted ones made.</summary>
    private const double PlacementShare = 0.25;

    private readonly NeighbourSpace _space;
    private readonly UmapOptions _options;

    internal UmapMap(NeighbourSpace space, float[,] embedding, int parts, UmapOptions options) => (_space, Embedding, Parts, _options) = (space, embedding, parts, options);

    /// <inheritdoc/>
    public float[,] Embedding { get; }

    /// <inheritdoc/>
    public int Parts { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A new point starts at the mean of its neighbours' places, weighted by how much they belong with it, and is pulled and pushed while the map stands
    /// still, as the field's reference implementation does it, but each by itself, and by as many neighbours as a fitted point has others.
    /// </remarks>
    public float[,] Transform(float[,] points)
    {
        PointMatrix.RequirePlaceable(points, _space.Width, Umap.Name);
        var (n, columns) = (Embedding.GetLength(0), Embedding.GetLength(1));
        var places = new float[points.GetLength(0), columns];
        if (points.Length == 0) return places;
        var neighbours = _space.Of(_space.Moved(points));
        var forces = new UmapForces(UmapCurve.Of(_options.MinDistance, _options.Spread), columns, _options.NegativeSamples);
        var map = new float[Embedding.Length];
        Buffer.BlockCopy(Embedding, 0, map, 0, map.Length * sizeof(float));
        var epochs = _options.PlacementEpochs(n);
        FixedOrder.ForEachPart(places.GetLength(0), _options.MaxThreads, i =>
        {
            var weights = FuzzyNeighbours.Weights(neighbours, i);
            var (sum, largest) = (weights.Sum(), weights.Max());
            var place = new float[columns];
            for (var k = 0; k < columns; k++)
            {
                var mean = 0.0;
                for (var j = 0; j < weights.Length; j++) mean += weights[j] / sum * Embedding[neighbours.Index[i, j], k];
                place[k] = (float)mean;
            }

            for (var epoch = 1; epoch < epochs; epoch++)
            {
                var rate = (float)(PlacementShare * _options.LearningRate * (1 - (double)epoch / epochs));
                for (var j = 0; j < weights.Length; j++)
                {
                    if (!UmapForces.IsDue(epoch, (float)(weights[j] / largest))) continue;
                    forces.Pull(place, map.AsSpan(neighbours.Index[i, j] * columns, columns), rate);
                    forces.Push(place, 0, map, rate, UmapForces.Draw(_options.Seed, n, epoch, j), -1);
                }
            }

            for (var k = 0; k < columns; k++) places[i, k] = place[k];
        });
        return places;
    }
}
