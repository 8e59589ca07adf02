using System.Runtime.Intrinsics;
using MedTransfer.Numerics;
using MedTransfer.Reduction.NeighbourEmbedding;
using MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

namespace MedTransfer.Tests.Reduction.NeighbourEmbedding;

public sealed class GridRepulsionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    // Bounds are some half above what was measured at 2,000 uniform points; the extent of a late map of 2,000 is about 60.
    [InlineData(1e-4, 2e-2, 1e-4)]
    [InlineData(1, 1e-3, 1e-5)]
    [InlineData(10, 5e-4, 1e-5)]
    [InlineData(60, 2e-2, 5e-4)]
    public void Grid_agrees_with_all_pairs(double extent, double force, double z)
    {
        var places = Places(2000, extent);
        var (exact, grid) = (new ExactRepulsion(places.Padded, 2), new GridRepulsion(places.Padded));
        var expected = exact.Compute(places, null, Token);
        Assert.Equal(1, grid.Compute(places, null, Token) / expected, z);
        var (error, size) = (0.0, 0.0);
        for (var first = 0; first < places.Padded; first += Positions.Lanes)
        {
            for (var axis = 0; axis < 2; axis++)
            {
                error += Square(grid.ForceOn(first, axis) - exact.ForceOn(first, axis));
                size += Square(exact.ForceOn(first, axis));
            }
        }
        Assert.InRange(Math.Sqrt(error / size), 0, force);
    }

    [Fact]
    public void Fine_grid_is_right_to_one_in_a_thousand()
    {
        var places = Places(2000, 60);
        var expected = new ExactRepulsion(places.Padded, 2).Compute(places, null, Token);
        Assert.Equal(1, new GridRepulsion(places.Padded, GridRepulsion.FineStep).Compute(places, null, Token) / expected, 1e-4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Forces_are_the_same_to_the_bit_on_any_number_of_threads(int threads)
    {
        var places = Places(3001, 70);
        var (one, many) = (new GridRepulsion(places.Padded), new GridRepulsion(places.Padded));
        Assert.Equal(one.Compute(places, 1, Token), many.Compute(places, threads, Token));
        for (var first = 0; first < places.Padded; first += Positions.Lanes)
        {
            Assert.Equal(one.ForceOn(first, 0), many.ForceOn(first, 0));
            Assert.Equal(one.ForceOn(first, 1), many.ForceOn(first, 1));
        }
    }

    [Fact]
    public void Points_on_one_place_far_out_do_not_push_each_other()
    {
        var places = new Positions(Inputs.Fill(100, 2, (_, _) => 1e5));
        var grid = new GridRepulsion(places.Padded);
        Assert.Equal(9900, grid.Compute(places, null, Token), 2.0);
        Assert.True(Math.Sqrt(Square(grid.ForceOn(0, 0))) < 0.1);
    }

    [Fact]
    public void Grid_sizes_have_small_factors_only() =>
        Assert.Equal([64, 72, 80, 96, 120], new[] { 3, 65, 73, 81, 97 }.Select(nodes => GridSize.AtLeast(nodes, 64)));

    private static Positions Places(int count, double extent)
    {
        var random = new Random(5);
        return new Positions(Inputs.Fill(count, 2, (_, _) => extent * (random.NextDouble() - 0.5)));
    }

    private static double Square(Vector256<float> v) => FixedOrder.Sum(v * v);
}
