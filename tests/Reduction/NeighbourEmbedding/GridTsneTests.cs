using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction;
using MedTransfer.Reduction.NeighbourEmbedding;

namespace MedTransfer.Tests.Reduction.NeighbourEmbedding;

/// <summary>t-SNE with forces through the grid, which many points get: the same contract.</summary>
public sealed class GridTsneTests : ReducerContract
{
    private static readonly TsneOptions _quick = new() { Perplexity = 10, EarlyIterations = 50, Iterations = 100, Repulsion = TsneRepulsion.Grid };

    protected override IReducer Reducer(int? maxThreads = null) => new Tsne(_quick with { MaxThreads = maxThreads });

    [Fact]
    public void Map_through_the_grid_is_as_good_as_the_exact_one()
    {
        var (points, labels) = Inputs.Blobs(classes: 10, size: 80, width: 20);
        var grid = new Tsne(new TsneOptions { Repulsion = TsneRepulsion.Grid }).Fit(points, null, Token);
        var exact = new Tsne(new TsneOptions { Repulsion = TsneRepulsion.Exact }).Fit(points, null, Token);
        Assert.Equal(exact.KlDivergence, grid.KlDivergence, 0.02);
        Assert.Equal(NeighbourDivergence.Of(points, grid.Embedding), grid.KlDivergence, 1e-3);
        Assert.True(KnnAccuracy.LeaveOneOut(grid.Embedding, labels) > 0.95);
    }

    [Fact]
    public void Map_that_flew_apart_is_an_error_that_says_what_to_do()
    {
        var apart = _quick with { Start = Inputs.Fill(111, 2, (i, _) => i % 2 == 0 ? 3e38 : -3e38), EarlyIterations = 0 };
        var error = Assert.Throws<MedTransferException>(() => new Tsne(apart).Fit(Inputs.Blobs(classes: 3, size: 37, width: 7).Points, null, Token));
        Assert.Contains("LearningRate", error.Message, StringComparison.Ordinal);
    }
}
