using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.NeighbourEmbedding;
using MedTransfer.Tests.Reduction;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class NeighbourDivergenceTests
{
    [Fact]
    public void Divergence_of_a_t_sne_map_is_the_one_it_reports()
    {
        var points = Inputs.Blobs(classes: 3, size: 20, width: 6).Points;
        var map = new Tsne(new TsneOptions { Perplexity = 8, Iterations = 50 }).Fit(points, null, TestContext.Current.CancellationToken);
        // The fit adds the same numbers up in another order.
        Assert.Equal(map.KlDivergence, NeighbourDivergence.Of(points, map.Embedding, 8), 1e-6);
    }

    [Fact]
    public void Divergence_is_less_for_a_map_that_keeps_neighbours()
    {
        var points = Inputs.Blobs(classes: 3, size: 20, width: 6).Points;
        var faithful = new Pca().Fit(points, null, TestContext.Current.CancellationToken).Embedding;
        var shuffled = Inputs.Fill(60, 2, (i, j) => faithful[i * 7 % 60, j]);
        Assert.True(NeighbourDivergence.Of(points, faithful, 8) < NeighbourDivergence.Of(points, shuffled, 8));
    }

    [Fact]
    public void Map_of_more_than_three_columns_is_refused() =>
        Assert.Throws<MedTransferException>(() => NeighbourDivergence.Of(new float[100, 4], new float[100, 4]));
}
