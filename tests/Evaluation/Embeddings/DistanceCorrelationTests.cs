using MedTransfer.Evaluation.Embeddings;

namespace MedTransfer.Tests.Evaluation.Embeddings;

public class DistanceCorrelationTests
{
    private static readonly float[,] Points = { { 0, 0 }, { 1, 0 }, { 0, 2 }, { 3, 1 }, { 5, 5 } };

    // scipy 1.10: pearsonr(pdist(points), pdist([[0],[1],[2],[0],[3]]))[0]
    [Fact]
    public void DistanceCorrelation_is_that_of_all_pairs() =>
        Assert.Equal(0.4953612438, DistanceCorrelation.Of(Points, new float[,] { { 0 }, { 1 }, { 2 }, { 0 }, { 3 } })!.Value, 1e-9);

    [Fact]
    public void A_turned_scaled_and_moved_map_keeps_every_distance()
    {
        var turned = new float[5, 2];
        for (var i = 0; i < 5; i++)
            (turned[i, 0], turned[i, 1]) = (7 - 3 * Points[i, 1], 3 * Points[i, 0] - 2);

        Assert.Equal(1, DistanceCorrelation.Of(Points, turned)!.Value, 1e-6);
    }

    [Fact]
    public void A_map_to_one_point_has_no_correlation() => Assert.Null(DistanceCorrelation.Of(Points, new float[5, 2]));

    [Fact]
    public void Two_points_are_refused() =>
        Assert.Contains("3 points", Assert.Throws<MedTransferException>(() => DistanceCorrelation.Of(new float[2, 2], new float[2, 2])).Message);
}
