using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction.Linear;
using MedTransfer.Tests.Reduction;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public sealed class RankComparisonTests
{
    private static readonly float[,] _points = Inputs.Blobs(classes: 4, size: 150, width: 8).Points;

    private static readonly float[,] _map = new Pca().Fit(_points, null, TestContext.Current.CancellationToken).Embedding;

    [Fact]
    public void Continuity_is_the_trustworthiness_of_the_data_as_a_map_of_the_map()
    {
        var ranks = RankComparison.Of(_points, _map, 12);
        Assert.Equal(Trustworthiness.Of(_points, _map, 12), ranks.Trustworthiness);
        Assert.Equal(Trustworthiness.Of(_map, _points, 12), ranks.Continuity);
        Assert.Equal((12, 600, 600), (ranks.Neighbours, ranks.Queries, ranks.Points));
    }

    [Fact]
    public void Points_compared_with_themselves_lose_nothing() =>
        Assert.Equal(new RankComparison(1, 1, 1, 15, 600, 600), RankComparison.Of(_points, _points));

    [Fact]
    public void Recall_is_the_share_of_neighbours_kept()
    {
        var kept = Enumerable.Range(0, 600).Average(i => Nearest(_points, i, 10).Intersect(Nearest(_map, i, 10)).Count() / 10.0);
        Assert.Equal(kept, RankComparison.Of(_points, _map, 10).NeighbourRecall, 1e-3);
    }

    [Fact]
    public void Sample_says_its_size_and_comes_near_to_all()
    {
        var (all, some) = (RankComparison.Of(_points, _map), RankComparison.Of(_points, _map, mostQueries: 200));
        Assert.Equal((200, 600), (some.Queries, some.Points));
        Assert.Equal(all.Trustworthiness, some.Trustworthiness, 0.01);
        Assert.Equal(all.Continuity, some.Continuity, 0.01);
        Assert.Equal(all.NeighbourRecall, some.NeighbourRecall, 0.03);
    }

    [Fact]
    public void Sample_of_duplicates_leaves_the_query_out()
    {
        var same = new float[50, 2];
        Assert.Equal(1, RankComparison.Of(same, same, 5, mostQueries: 20).Trustworthiness);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(300, 100)]
    [InlineData(5, 0)]
    public void Numbers_out_of_range_are_refused(int k, int queries) =>
        Assert.Throws<MedTransferException>(() => RankComparison.Of(_points, _map, k, queries));

    [Fact]
    public void Quality_of_a_map_is_what_its_scores_say_one_by_one()
    {
        var labels = Enumerable.Range(0, 600).Select(i => i % 4).ToArray();
        var quality = EmbeddingQuality.Of(_points, _map, labels);
        Assert.Equal(RankComparison.Of(_points, _map), quality.Ranks);
        Assert.Equal(NeighbourDivergence.Of(_points, _map), quality.KlDivergence);
        Assert.Equal(Silhouette.Of(_map, labels), quality.Silhouette);
        Assert.Equal(KnnAccuracy.LeaveOneOut(_map, labels), quality.KnnAccuracy);
        Assert.Null(EmbeddingQuality.Of(_points, _points).KlDivergence);
    }

    [Fact]
    public void Points_of_no_class_are_neither_judged_nor_heard()
    {
        // By hand, labelled 0, 1 | 3, 7 on a line as in the silhouette's tests, strangers between them.
        var map = new float[,] { { 0, 0 }, { 0.5f, 0 }, { 1, 0 }, { 2, 0 }, { 3, 0 }, { 7, 0 }, { 6, 0 } };
        var quality = EmbeddingQuality.Of(map, map, [4, -1, 4, -1, 2, 2, -1]);
        Assert.Equal((0.8 + 0.75 - 0.375 + 2.5 / 6.5) / 4, quality.Silhouette!.Value, 1e-6);
        // Three others vote: two of the other class for each.
        Assert.Equal(0, quality.KnnAccuracy);
        Assert.Equal((3, 4), (quality.Voters, quality.Labelled));
    }

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(3, -1)]
    [InlineData(3, 3)]
    public void Of_fewer_than_two_classes_nothing_is_said(int first, int second)
    {
        var labels = Enumerable.Range(0, 600).Select(i => i % 2 == 0 ? first : second).ToArray();
        var quality = EmbeddingQuality.Of(_points, _map, labels);
        Assert.Null(quality.Silhouette);
        Assert.Null(quality.KnnAccuracy);
    }

    [Fact]
    public void Silhouette_of_a_sample_comes_near_to_that_of_all()
    {
        var labels = Enumerable.Range(0, 600).Select(i => i % 4).ToArray();
        Assert.Equal(Silhouette.Of(_points, labels)!.Value, Silhouette.Of(_points, labels, mostQueries: 200)!.Value, 0.02);
    }

    private static IEnumerable<int> Nearest(float[,] points, int i, int k) =>
        Enumerable.Range(0, points.GetLength(0)).Where(j => j != i)
            .OrderBy(j => Enumerable.Range(0, points.GetLength(1)).Sum(c => Math.Pow((double)points[i, c] - points[j, c], 2))).Take(k);
}
