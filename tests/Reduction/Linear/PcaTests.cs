using FsCheck.Xunit;
using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;

namespace MedTransfer.Tests.Reduction.Linear;

public sealed class PcaTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new Pca(new PcaOptions { MaxThreads = maxThreads });

    private static PcaMap Fit(float[,] points, int components) =>
        new Pca(new PcaOptions { Components = components }).Fit(points, null, Token);

    [Fact]
    public void Pca_of_a_tilted_cross_is_its_arms()
    {
        // By hand: (1, 1) + {+-5 (.6, .8), +-1 (-.8, .6)}; eigenvalues of X^T X are 2 x 25 and 2 x 1.
        var map = Fit(new float[,] { { 4, 5 }, { -2, -3 }, { 0.2f, 1.6f }, { 1.8f, 0.4f } }, 2);
        Assert.Equal([1.0, 1.0], map.Mean, Close(1e-7));
        Assert.Equal([0.6, 0.8], map.Components[0], Close(1e-7));
        Assert.Equal([0.8, -0.6], map.Components[1], Close(1e-7));
        Assert.Equal([50 / 3.0, 2 / 3.0], map.ExplainedVariance, Close(1e-6));
        Assert.Equal([50 / 52.0, 2 / 52.0], map.ExplainedVarianceRatio, Close(1e-7));
        Assert.Equal([Math.Sqrt(50), Math.Sqrt(2)], map.SingularValues, Close(1e-6));
        Assert.Equal(5, map.Embedding[0, 0], 1e-6);
        Assert.Equal(-1, map.Embedding[2, 1], 1e-6);
    }

    [Theory]
    [InlineData(40, 12)]
    [InlineData(12, 40)]
    [InlineData(70, 70)]
    public void Pca_has_orthonormal_components_by_falling_variance_and_with_positive_largest_loading(int n, int d)
    {
        var map = Fit(Inputs.Blobs(classes: 1, size: n, width: d).Points, Math.Min(n, d));
        for (var a = 0; a < map.Components.Count; a++)
        {
            for (var b = 0; b <= a; b++)
                Assert.Equal(a == b ? 1 : 0, map.Components[a].Zip(map.Components[b], (x, y) => x * y).Sum(), 1e-9);
            Assert.True(map.Components[a].MaxBy(Math.Abs) > 0);
        }
        Assert.Equal(map.ExplainedVariance.OrderDescending(), map.ExplainedVariance);
    }

    [Theory]
    [InlineData(40, 12)]
    [InlineData(12, 40)]
    public void Inverse_of_every_component_gives_the_points_back(int n, int d)
    {
        var points = Inputs.Blobs(classes: 2, size: n / 2, width: d).Points;
        var map = Fit(points, Math.Min(n, d));
        var back = map.InverseTransform(map.Embedding);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < d; j++) Assert.Equal(points[i, j], back[i, j], 1e-5);
        }
    }

    [Property(MaxTest = 30)]
    public bool Variances_of_every_component_sum_to_the_variance_of_the_points(byte size, byte width, int seed)
    {
        var (n, d) = (4 + size % 30, 1 + width % 30);
        var points = Inputs.Blobs(classes: 1, size: n, width: d, seed).Points;
        var map = Fit(points, Math.Min(n, d));
        var total = 0.0;
        for (var j = 0; j < d; j++)
        {
            for (var i = 0; i < n; i++) total += Math.Pow(points[i, j] - map.Mean[j], 2) / (n - 1);
        }
        return Math.Abs(map.ExplainedVariance.Sum() - total) < 1e-9 * total && Math.Abs(map.ExplainedVarianceRatio.Sum() - 1) < 1e-9;
    }

    [Fact]
    public void Places_of_the_wide_side_equal_those_of_the_narrow_side()
    {
        // 20 columns of nothing change no distance, but make the n x n matrix the smaller one.
        var points = Inputs.Blobs(classes: 3, size: 5, width: 6).Points;
        var (narrow, wide) = (Fit(points, 3), Fit(Inputs.Fill(15, 26, (i, j) => j < 6 ? points[i, j] : 0), 3));
        for (var i = 0; i < 15; i++)
        {
            for (var k = 0; k < 3; k++) Assert.Equal(narrow.Embedding[i, k], wide.Embedding[i, k], 1e-5);
        }
    }

    [Fact]
    public void Components_beyond_the_rank_have_no_variance_but_length_one()
    {
        var map = Fit(Inputs.Fill(5, 9, (i, j) => i * (j + 1)), 3);
        Assert.Equal(0, map.ExplainedVariance[1], 1e-9);
        Assert.All(map.Components, component => Assert.Equal(1, component.Sum(x => x * x), 1e-9));
    }

    [Fact]
    public void Transform_of_fitted_points_is_their_embedding()
    {
        var points = Inputs.Blobs(classes: 3, size: 9, width: 5).Points;
        var map = Fit(points, 2);
        Assert.Equal(Inputs.Bits(map.Embedding), Inputs.Bits(map.Transform(points)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Components_out_of_range_are_refused_with_the_range(int components)
    {
        var error = Assert.Throws<MedTransferException>(() => Fit(Inputs.Blobs(classes: 2, size: 9, width: 3).Points, components));
        Assert.Contains("1 to 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whitened_columns_have_variance_one_and_an_inverse()
    {
        var points = Inputs.Blobs(classes: 2, size: 30, width: 4).Points;
        var map = new Pca(new PcaOptions { Components = 4, Whiten = true }).Fit(points, null, Token);
        for (var k = 0; k < 4; k++)
            Assert.Equal(1, Enumerable.Range(0, 60).Sum(i => Math.Pow(map.Embedding[i, k], 2)) / 59, 1e-5);
        Assert.Equal(points[7, 2], map.InverseTransform(map.Embedding)[7, 2], 1e-5);
        Assert.Equal(Fit(points, 4).SingularValues, map.SingularValues);
    }

    [Fact]
    public void Whitened_columns_without_variance_stay_zero()
    {
        var map = new Pca(new PcaOptions { Components = 3, Whiten = true }).Fit(Inputs.Fill(5, 9, (i, j) => i * (j + 1)), null, Token);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(0, map.Embedding[i, 2], 1e-5));
    }

    [Theory]
    [InlineData(600, 24)]
    [InlineData(40, 530)]
    public void Variances_are_those_of_the_sums_in_plain_order(int n, int d)
    {
        var points = Inputs.Blobs(classes: 1, size: n, width: d).Points;
        var map = Fit(points, 2);
        for (var k = 0; k < 2; k++)
        {
            // |X c|^2 / (n - 1), by definition
            var variance = Enumerable.Range(0, n).Sum(i => Math.Pow(Enumerable.Range(0, d).Sum(j => (points[i, j] - map.Mean[j]) * map.Components[k][j]), 2)) / (n - 1);
            Assert.Equal(1, map.ExplainedVariance[k] / variance, 1e-9);
        }
    }

    [Fact]
    public void Points_far_from_0_have_the_components_of_their_differences()
    {
        // By hand: the first arm of the cross above in steps of 64, what float32 tells apart at 1e9.
        var map = Fit(Inputs.Fill(5, 2, (i, j) => 1e9 + 64 * (i - 2) * (j == 0 ? 3 : 4)), 2);
        Assert.Equal([0.6, 0.8], map.Components[0], Close(1e-12));
        Assert.Equal(320 * 320 * 10 / 4.0, map.ExplainedVariance[0], 1e-3);
        Assert.Equal(-640, map.Embedding[0, 0], 1e-3);
    }

    [Fact]
    public void Inverse_of_places_of_another_width_is_refused()
    {
        var map = Fit(Inputs.Blobs(classes: 2, size: 9, width: 3).Points, 2);
        Assert.Throws<MedTransferException>(() => map.InverseTransform(new float[1, 3]));
    }

    private static Func<double, double, bool> Close(double tolerance) => (a, b) => Math.Abs(a - b) < tolerance;
}
