using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Tests.Reduction.Manifolds;

public sealed class IsomapTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new Isomap(new IsomapOptions { MaxThreads = maxThreads });

    private static IsomapMap Fit(float[,] points, int neighbours, int components = 2) =>
        new Isomap(new IsomapOptions { Neighbours = neighbours, Components = components }).Fit(points, null, Token);

    [Fact]
    public void A_spiral_is_unrolled_to_its_length()
    {
        // steps of .1 along the curve of a helix: joined to their next ones, points lie on a line, .1 apart
        var angle = 0.1 / Math.Sqrt(2);
        var points = Inputs.Fill(200, 3, (i, j) => j switch { 0 => Math.Cos(i * angle), 1 => Math.Sin(i * angle), _ => i * angle });
        var map = Fit(points, 2, 1);
        var sign = Math.Sign(map.Embedding[199, 0]);
        // the ends have both neighbours on one side, and chords are a little shorter than arcs
        for (var i = 1; i < 200; i++) Assert.Equal(0.1, sign * (map.Embedding[i, 0] - map.Embedding[i - 1, 0]), 2e-3);
        Assert.Equal(1, map.Parts);
    }

    [Fact]
    public void With_all_points_for_neighbours_it_is_classical_scaling()
    {
        var points = Inputs.Blobs(classes: 3, size: 15, width: 4).Points;
        var (map, pca) = (Fit(points, 44), new Pca().Fit(points, null, Token));
        for (var k = 0; k < 2; k++)
        {
            Assert.Equal(pca.SingularValues[k], Math.Sqrt(map.Eigenvalues[k]), 1e-3);
            var sign = Math.Sign(pca.Embedding[0, k] * map.Embedding[0, k]);
            for (var i = 0; i < 45; i++) Assert.Equal(pca.Embedding[i, k], sign * map.Embedding[i, k], 1e-3);
        }
    }

    [Fact]
    public void Parts_that_hang_together_by_nothing_are_joined_by_their_shortest_edges_and_counted()
    {
        // by hand: 0, 1, 2 and 10, 11, 12 on a line; the shortest edge between them is 8
        var map = Fit(Inputs.Fill(6, 1, (i, _) => i < 3 ? i : i + 7), 1, 1);
        Assert.Equal(2, map.Parts);
        Assert.Equal(12, Math.Abs(map.Embedding[5, 0] - map.Embedding[0, 0]), 1e-4);
        Assert.Equal(8, Math.Abs(map.Embedding[3, 0] - map.Embedding[2, 0]), 1e-4);
    }

    [Fact]
    public void Transform_of_fitted_points_is_their_embedding()
    {
        var points = Inputs.Blobs(classes: 1, size: 60, width: 3).Points;
        var map = Fit(points, 6);
        var again = map.Transform(points);
        for (var i = 0; i < 60; i++)
        {
            for (var k = 0; k < 2; k++) Assert.Equal(map.Embedding[i, k], again[i, k], 1e-3);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Neighbours_out_of_range_are_refused_with_the_range(int neighbours)
    {
        var error = Assert.Throws<MedTransferException>(() => Fit(Inputs.Blobs(classes: 3, size: 3, width: 3).Points, neighbours));
        Assert.Contains("1 to 8 neighbours", error.Message, StringComparison.Ordinal);
    }
}
