using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction.NeighbourEmbedding;

namespace MedTransfer.Tests.Reduction.NeighbourEmbedding;

/// <summary>t-SNE in three columns.</summary>
public sealed class SpaceTsneTests
{
    private static readonly TsneOptions _quick = new() { Components = 3, Perplexity = 10, EarlyIterations = 50, Iterations = 100 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Map_in_space_keeps_classes_together_and_is_no_worse_than_that_in_the_plane()
    {
        var (points, labels) = Inputs.Blobs(classes: 10, size: 40, width: 20);
        var space = new Tsne(new TsneOptions { Components = 3 }).Fit(points, null, Token);
        Assert.Equal((400, 3), (space.Embedding.GetLength(0), space.Embedding.GetLength(1)));
        Assert.True(space.KlDivergence < new Tsne().Fit(points, null, Token).KlDivergence);
        Assert.Equal(NeighbourDivergence.Of(points, space.Embedding), space.KlDivergence, 1e-6);
        Assert.True(KnnAccuracy.LeaveOneOut(space.Embedding, labels) > 0.95);
    }

    [Fact]
    public void New_points_land_in_their_classes_one_by_one_or_together()
    {
        var (points, labels) = Inputs.Blobs(classes: 5, size: 60, width: 20);
        var map = new Tsne(_quick).Fit(Inputs.Rows(points, 0, 200), null, Token);
        var placed = map.Transform(Inputs.Rows(points, 200, 100));
        Assert.True(KnnAccuracy.Of(map.Embedding, labels[..200], placed, labels[200..]) > 0.95);
        Assert.Equal(Inputs.Bits(Inputs.Rows(placed, 7, 1)), Inputs.Bits(map.Transform(Inputs.Rows(points, 207, 1))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Map_is_the_same_to_the_bit_on_any_number_of_threads(int threads)
    {
        var points = Inputs.Blobs(classes: 4, size: 80, width: 15).Points;
        int[] Bits(int count) => Inputs.Bits(new Tsne(_quick with { MaxThreads = count }).Fit(points, null, Token).Embedding);
        Assert.Equal(Bits(1), Bits(threads));
    }

    [Fact]
    public void Points_of_two_columns_use_the_third_axis() =>
        Assert.True(new Tsne(_quick).Fit(Inputs.Blobs(classes: 3, size: 40, width: 2).Points, null, Token).Embedding.Cast<float>().Where((_, i) => i % 3 == 2).Max() > 1);

    [Fact]
    public void More_points_than_pairs_allow_are_refused_with_both_numbers()
    {
        var error = Assert.Throws<MedTransferException>(() => new Tsne(_quick).Fit(new float[30001, 1], null, Token));
        Assert.Contains("30001 points: give at most 30000", error.Message, StringComparison.Ordinal);
    }
}
