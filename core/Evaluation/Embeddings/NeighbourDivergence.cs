using MedTransfer.Reduction.NeighbourEmbedding;

namespace MedTransfer.Evaluation.Embeddings;

/// <summary>t-SNE's objective as a score, of any map by whatever reducer (van der Maaten and Hinton, JMLR 9, 2008).</summary>
public static class NeighbourDivergence
{
    /// <summary>
    /// KL(P || Q) in nats, 0 or more, less is better: P the affinities of the points at this perplexity, Q those of the map. Comparable
    /// only between maps of the same points at the same perplexity, and at the same scale: Q has a unit of length.
    /// </summary>
    /// <param name="points">(n, d).</param>
    /// <param name="map">(n, 2) or (n, 3).</param>
    /// <param name="perplexity">1 to (n - 1) / 3.</param>
    public static double Of(float[,] points, float[,] map, double perplexity = 30)
    {
        MapOfPoints.Require(points, map, "KL divergence");
        if (map.GetLength(1) is not (2 or 3))
            throw new MedTransferException($"KL divergence is of maps of 2 or 3 columns, this one has {map.GetLength(1)}: give its first ones.");
        return new TsneObjective(SparseAffinities.Of(points, perplexity)).KlDivergence(map);
    }
}
