using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.Scaling;

namespace MedTransfer.Tests.Reduction.Scaling;

public sealed class MetricMdsTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new MetricMds(new MetricMdsOptions { MaxThreads = maxThreads });

    private static MetricMdsMap Fit(float[,] points, MetricMdsOptions? options = null) => new MetricMds(options ?? new()).Fit(points, null, Token);

    [Fact]
    public void Points_of_a_plane_are_mapped_without_stress()
    {
        var points = Inputs.Blobs(classes: 3, size: 15, width: 2).Points;
        var map = Fit(points);
        Assert.InRange(map.NormalisedStress, 0, 1e-5);
        for (var i = 1; i < 45; i++) Assert.Equal(Distance(points, i, 0), Distance(map.Embedding, i, 0), 1e-3);
    }

    [Fact]
    public void Stress_is_that_of_the_map_and_lower_than_that_of_its_start()
    {
        var points = Inputs.Blobs(classes: 4, size: 15, width: 10).Points;
        var map = Fit(points);
        Assert.Equal(1, map.Stress / Stress(points, map.Embedding), 1e-4);
        Assert.True(map.Stress < 0.95 * Stress(points, new Pca().Fit(points, null, Token).Embedding));
        Assert.Equal(Math.Sqrt(map.Stress / Pairs(60).Sum(pair => Math.Pow(Distance(map.Embedding, pair.I, pair.J), 2))), map.NormalisedStress, 1e-6);
    }

    [Fact]
    public void More_iterations_never_raise_the_stress()
    {
        var points = Inputs.Blobs(classes: 4, size: 15, width: 10).Points;
        var stresses = new[] { 1, 2, 5, 20, 100 }.Select(most => Fit(points, new MetricMdsOptions { MostIterations = most, Tolerance = 0 }).Stress).ToArray();
        Assert.Equal(stresses.OrderDescending(), stresses);
    }

    /// <summary>Distances raised to a power have the same order: where only that counts, no stress is left.</summary>
    [Fact]
    public void Order_of_distances_alone_is_enough_for_an_ordinal_map()
    {
        // on a line, distances |i - j|^.5 of points in enough columns: those of a Brownian path
        var points = Inputs.Fill(12, 12, (i, j) => j <= i ? 1 : 0);
        var metric = Fit(points, new MetricMdsOptions { Components = 1 });
        var ordinal = Fit(points, new MetricMdsOptions { Components = 1, IsOrdinal = true, MostIterations = 500, Tolerance = 1e-9 });
        Assert.True(metric.NormalisedStress > 0.1);
        Assert.InRange(ordinal.NormalisedStress, 0, 0.01);
        var places = Enumerable.Range(0, 12).Select(i => ordinal.Embedding[i, 0] * Math.Sign(ordinal.Embedding[11, 0])).ToArray();
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void New_points_land_where_their_stress_is_least(bool isOrdinal)
    {
        var points = Inputs.Blobs(classes: 3, size: 20, width: 2).Points;
        var map = Fit(points, new MetricMdsOptions { IsOrdinal = isOrdinal });
        var again = map.Transform(points);
        // a fitted point is at distance 0 of itself, which pulls it no further
        for (var i = 0; i < 60; i++) Assert.InRange(Math.Sqrt(Math.Pow(again[i, 0] - map.Embedding[i, 0], 2) + Math.Pow(again[i, 1] - map.Embedding[i, 1], 2)), 0, 0.05 * Distance(map.Embedding, 0, 1));
    }

    [Theory]
    [InlineData(1e-20)]
    [InlineData(1e25)]
    public void Unit_of_the_points_is_that_of_the_map(double unit)
    {
        var points = Inputs.Blobs(classes: 3, size: 8, width: 4).Points;
        var (one, other) = (Fit(points), Fit(Inputs.Fill(24, 4, (i, j) => points[i, j] * unit)));
        for (var i = 0; i < 24; i++) Assert.Equal(one.Embedding[i, 0], other.Embedding[i, 0] / unit, 1e-2);
    }

    [Theory]
    [InlineData(0, 1e-5)]
    [InlineData(10, -1)]
    [InlineData(10, double.NaN)]
    public void Options_out_of_range_are_refused(int iterations, double tolerance) =>
        Assert.Throws<MedTransferException>(() => Fit(Inputs.Blobs(classes: 3, size: 3, width: 3).Points, new MetricMdsOptions { MostIterations = iterations, Tolerance = tolerance }));

    [Fact]
    public void Isotonic_regression_pools_what_falls_and_keeps_ties()
    {
        // By hand: pairs by distance 1, 1, 2, 3, 4, 5; on the map 4, 2, 1, 5, 3, 7. Ties: 3; pooled 3, 3, 1 to 7/3; 5, 3 to 4; 7.
        float[][] targets = [[0, 1, 1, 3], [1, 0, 2, 4], [1, 2, 0, 5], [3, 4, 5, 0]];
        var order = new MonotoneTargets(targets, null);
        order.Fit((i, j) => (i, j) switch { (1, 0) => 4, (2, 0) => 2, (2, 1) => 1, (3, 0) => 5, (3, 1) => 3, _ => 7 }, targets);
        var unit = Math.Sqrt(6 / (3 * 49.0 / 9 + 2 * 16 + 49));
        Assert.Equal([7.0 / 3 * unit, 7.0 / 3 * unit, 7.0 / 3 * unit, 4 * unit, 4 * unit, 7 * unit], [targets[0][1], targets[2][0], targets[1][2], targets[0][3], targets[3][1], targets[2][3]], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(5.5 * unit, order.Function()(4.5), 1e-6);
        Assert.Equal(7 * unit, order.Function()(9), 1e-6);
    }

    private static IEnumerable<(int I, int J)> Pairs(int count) => from i in Enumerable.Range(0, count) from j in Enumerable.Range(0, i) select (i, j);

    private static double Stress(float[,] points, float[,] map) => Pairs(points.GetLength(0)).Sum(pair => Math.Pow(Distance(points, pair.I, pair.J) - Distance(map, pair.I, pair.J), 2));

    private static double Distance(float[,] points, int i, int j) =>
        Math.Sqrt(Enumerable.Range(0, points.GetLength(1)).Sum(c => Math.Pow((double)points[i, c] - points[j, c], 2)));
}
