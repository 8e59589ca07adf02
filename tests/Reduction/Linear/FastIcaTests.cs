using MedTransfer.Numerics;
using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;

namespace MedTransfer.Tests.Reduction.Linear;

public sealed class FastIcaTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new FastIca(new FastIcaOptions { MaxThreads = maxThreads });

    /// <summary>A square wave and uniform noise, of unit variance, mixed by [[1, .5], [.3, 1]] into three columns.</summary>
    private static (float[,] Points, double[][] Sources) Mixed()
    {
        var random = new SplitMix64(7);
        var square = Enumerable.Range(0, 2000).Select(i => i / 40 % 2 == 0 ? 1.0 : -1).ToArray();
        var noise = square.Select(_ => (random.Fraction() - 0.5) * Math.Sqrt(12)).ToArray();
        var points = Inputs.Fill(2000, 3, (i, j) => j switch
        {
            0 => square[i] + 0.5 * noise[i],
            1 => 0.3 * square[i] + noise[i],
            _ => 0,
        });
        return (points, [square, noise]);
    }

    [Theory]
    [InlineData(IcaContrast.LogCosh)]
    [InlineData(IcaContrast.Exponential)]
    [InlineData(IcaContrast.Cube)]
    public void Mixed_sources_are_told_apart_the_least_Gaussian_first(IcaContrast contrast)
    {
        var (points, sources) = Mixed();
        var map = new FastIca(new FastIcaOptions { Contrast = contrast }).Fit(points, null, Token);
        Assert.True(map.Converged);
        for (var k = 0; k < 2; k++)
            Assert.True(Math.Abs(Correlation(sources[k], k, map.Embedding)) > 0.999, $"component {k}: {Correlation(sources[k], k, map.Embedding)}");
    }

    [Fact]
    public void Components_have_unit_variance_and_are_uncorrelated()
    {
        var map = new FastIca(new FastIcaOptions { Components = 4 }).Fit(Inputs.Blobs(classes: 3, size: 50, width: 6).Points, null, Token);
        for (var a = 0; a < 4; a++)
        {
            for (var b = 0; b <= a; b++)
                Assert.Equal(a == b ? 1 : 0, Enumerable.Range(0, 150).Average(i => (double)map.Embedding[i, a] * map.Embedding[i, b]), 1e-5);
        }
    }

    [Fact]
    public void Iterations_that_end_early_are_said_not_to_have_converged()
    {
        var map = new FastIca(new FastIcaOptions { Components = 5, MostIterations = 1, Tolerance = 1e-12 }).Fit(Inputs.Blobs(classes: 3, size: 50, width: 6).Points, null, Token);
        Assert.False(map.Converged);
        Assert.Equal(1, map.Iterations);
    }

    [Theory]
    [InlineData(0, 200, 1e-4)]
    [InlineData(4, 200, 1e-4)]
    [InlineData(2, 0, 1e-4)]
    [InlineData(2, 200, 0)]
    [InlineData(2, 200, double.NaN)]
    public void Options_out_of_range_are_refused(int components, int iterations, double tolerance) =>
        Assert.Throws<MedTransferException>(() => new FastIca(new FastIcaOptions { Components = components, MostIterations = iterations, Tolerance = tolerance })
            .Fit(Inputs.Blobs(classes: 2, size: 9, width: 3).Points, null, Token));

    private static double Correlation(double[] source, int column, float[,] embedding)
    {
        var (n, mean) = (source.Length, source.Average());
        var along = Enumerable.Range(0, n).Average(i => (source[i] - mean) * embedding[i, column]);
        return along / Math.Sqrt(source.Average(x => (x - mean) * (x - mean)) * Enumerable.Range(0, n).Average(i => (double)embedding[i, column] * embedding[i, column]));
    }
}
