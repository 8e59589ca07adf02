using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction;
using MedTransfer.Reduction.FuzzyGraphs;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Tests.Reduction.FuzzyGraphs;

public sealed class UmapTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new Umap(new UmapOptions { Epochs = 100, MaxThreads = maxThreads });

    // umap-learn 0.5.3's find_ab_params(spread, min_dist)
    [Theory]
    [InlineData(0.1, 1, 1.57694, 0.89506)]
    [InlineData(0.5, 1, 0.58303, 1.33417)]
    [InlineData(0.0, 2, 0.64605, 0.79049)]
    public void Curve_is_the_known_one(double minDistance, double spread, double a, double b)
    {
        var curve = UmapCurve.Of(minDistance, spread);
        Assert.Equal(a, curve.A, 2e-4);
        Assert.Equal(b, curve.B, 2e-4);
    }

    [Fact]
    public void Neighbours_belong_with_a_point_by_as_much_as_the_logarithm_of_their_number()
    {
        var neighbours = Neighbours.Among(Inputs.Blobs(classes: 2, size: 50, width: 4).Points, 14, null, Token);
        var weights = FuzzyNeighbours.Edges(neighbours, 2).GroupBy(edge => edge.From, edge => edge.Weight).ToList();
        Assert.All(weights, own => Assert.Equal(Math.Log2(15), own.Sum(), 1e-4));
        // the nearest wholly, farther ones less
        Assert.All(weights, own => Assert.Equal(1, own.First()));
        Assert.All(weights, own => Assert.Equal(own.OrderDescending(), own));
    }

    // by hand, a = 1.57694, b = .89506, one apart: pull 2 a b / (1 + a) = 1.09543, push 2 b / (1.001 (1 + a)) = .69397, of which a tenth
    [Fact]
    public void Forces_of_a_pair_are_those_of_the_formula()
    {
        var forces = new UmapForces(UmapCurve.Of(0.1, 1), 2, 1);
        float[] place = [0, 0];
        forces.Pull(place, [1, 0], 0.1f);
        Assert.Equal([0.109543f, 0], place, (a, b) => Math.Abs(a - b) < 1e-4);
        place = [0, 0];
        forces.Push(place, 0, [1, 0], 0.1f, 7, -1);
        Assert.Equal([-0.069397f, 0], place, (a, b) => Math.Abs(a - b) < 1e-4);
        float[] both = [0, 0, 1, 0];
        forces.PullBoth(both, 0, 1, 0.1f);
        Assert.Equal([0.109543f, 0, 1 - 0.109543f, 0], both, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    // four groups of eight, so far apart for how near their points are that no weight is left between them
    [Fact]
    public void Edges_that_weigh_nothing_join_nothing()
    {
        var points = Inputs.Fill(32, 2, (i, j) => i % 4 * 100 + 1e-2 * Math.Sin(3 * i + j));
        Assert.Equal(4, new Umap(new UmapOptions { Epochs = 10 }).Fit(points, null, Token).Parts);
    }

    [Fact]
    public void Classes_that_nothing_joins_are_parts_and_lie_apart()
    {
        var (points, labels) = Inputs.Blobs(classes: 3, size: 60, width: 6);
        var map = new Umap().Fit(points, null, Token);
        Assert.Equal(3, map.Parts);
        Assert.Equal(1, KnnAccuracy.LeaveOneOut(map.Embedding, labels, 5), 1e-9);
        Assert.True(Trustworthiness.Of(points, map.Embedding, 15) > 0.9);
    }

    [Fact]
    public void New_points_come_to_their_own_class()
    {
        var (points, labels) = Inputs.Blobs(classes: 3, size: 60, width: 6);
        var map = new Umap().Fit(points, null, Token);
        var places = map.Transform(points);
        for (var i = 0; i < 180; i++)
        {
            var nearest = Enumerable.Range(0, 180).MinBy(j => Math.Pow(places[i, 0] - map.Embedding[j, 0], 2) + Math.Pow(places[i, 1] - map.Embedding[j, 1], 2));
            Assert.Equal(labels[i], labels[nearest]);
        }
    }

    [Fact]
    public void Seeds_change_the_map_and_the_same_seed_does_not()
    {
        var points = Inputs.Blobs(classes: 2, size: 40, width: 4).Points;
        int[] Map(int seed) => Inputs.Bits(new Umap(new UmapOptions { Epochs = 50, Seed = seed }).Fit(points, null, Token).Embedding);
        Assert.Equal(Map(1), Map(1));
        Assert.NotEqual(Map(1), Map(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(120)]
    public void Neighbours_out_of_range_are_refused_with_the_range(int neighbours)
    {
        var error = Assert.Throws<MedTransferException>(() => new Umap(new UmapOptions { Neighbours = neighbours }).Fit(Inputs.Blobs(classes: 2, size: 60, width: 3).Points, null, Token));
        Assert.Contains("2 to 119 neighbours", error.Message, StringComparison.Ordinal);
    }
}
