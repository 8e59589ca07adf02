using MedTransfer.Reduction;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Tests.Reduction.Manifolds;

public sealed class LaplacianEigenmapsTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new LaplacianEigenmaps(new LaplacianEigenmapsOptions { MaxThreads = maxThreads });

    private const int Count = 30;

    private static (float[,] Points, LaplacianEigenmapsMap Map) Ring()
    {
        var ring = Inputs.Fill(Count, 2, (i, j) => j == 0 ? Math.Cos(2 * Math.PI * i / Count) : Math.Sin(2 * Math.PI * i / Count));
        return (ring, new LaplacianEigenmaps(new LaplacianEigenmapsOptions { Neighbours = 2 }).Fit(ring, null, Token));
    }

    // of a ring of n nodes joined to their next ones the normalised Laplacian's eigenvalues are 1 - cos(2 pi k / n), each twice: the map is the circle
    [Fact]
    public void A_ring_becomes_a_circle_with_the_known_eigenvalues()
    {
        var (_, map) = Ring();
        Assert.All(map.Eigenvalues, value => Assert.Equal(1 - Math.Cos(2 * Math.PI / Count), value, 1e-9));
        // of length 1 over the root of the degree, 2
        for (var i = 0; i < Count; i++)
            Assert.Equal(Math.Sqrt(2.0 / Count / 2), Math.Sqrt(map.Embedding[i, 0] * map.Embedding[i, 0] + map.Embedding[i, 1] * map.Embedding[i, 1]), 1e-6);
    }

    // between two points of a ring, whose eigenvalue is 1 - cos(2 pi / n)
    [Fact]
    public void A_new_point_is_placed_at_its_neighbours_mean_over_1_less_the_eigenvalue()
    {
        var (ring, map) = Ring();
        var between = Inputs.Fill(1, 2, (_, j) => 0.6 * ring[10, j] + 0.4 * ring[11, j]);
        var place = map.Transform(between);
        for (var k = 0; k < 2; k++)
            Assert.Equal((map.Embedding[10, k] + map.Embedding[11, k]) / 2 / Math.Cos(2 * Math.PI / Count), place[0, k], 1e-5);
    }

    [Fact]
    public void Parts_that_nothing_joins_are_counted_and_told_apart_by_the_first_function()
    {
        var blob = Inputs.Blobs(classes: 1, size: 60, width: 3).Points;
        var map = new LaplacianEigenmaps(new LaplacianEigenmapsOptions { Neighbours = 6 }).Fit(Inputs.Fill(60, 3, (i, j) => blob[i, j] + i % 2 * 100), null, Token);
        Assert.Equal(2, map.Parts);
        Assert.InRange(map.Eigenvalues[0], 1e-6, 0.05);
        var sign = Math.Sign(map.Embedding[0, 0]);
        for (var i = 0; i < 60; i++) Assert.Equal(i % 2 == 0 ? sign : -sign, Math.Sign(map.Embedding[i, 0]));
    }
}
