using MedTransfer.Reduction;
using MedTransfer.Reduction.Kernels;
using MedTransfer.Reduction.Linear;

namespace MedTransfer.Tests.Reduction.Kernels;

public sealed class KernelPcaTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new KernelPca(new KernelPcaOptions { MaxThreads = maxThreads });

    private static KernelPcaMap Fit(float[,] points, KernelPcaOptions options) => new KernelPca(options).Fit(points, null, Token);

    [Fact]
    public void Linear_kernel_is_principal_component_analysis()
    {
        var points = Inputs.Blobs(classes: 3, size: 20, width: 5).Points;
        var map = Fit(points, new KernelPcaOptions { Kernel = KernelKind.Linear, Components = 3 });
        var pca = new Pca(new PcaOptions { Components = 3 }).Fit(points, null, Token);
        for (var k = 0; k < 3; k++)
        {
            Assert.Equal(pca.SingularValues[k], Math.Sqrt(map.Eigenvalues[k]), 1e-5);
            var sign = Math.Sign(pca.Embedding[0, k] * map.Embedding[0, k]);
            for (var i = 0; i < 60; i++) Assert.Equal(pca.Embedding[i, k], sign * map.Embedding[i, k], 1e-4);
        }
    }

    [Fact]
    public void Two_pairs_of_points_are_as_far_apart_as_their_kernel_says()
    {
        // By hand: four points, two and two alike, kernel k between the pairs. Centred, one eigenvalue: 2 (1 - k), vector (1, 1, -1, -1) / 2.
        var map = Fit(new float[,] { { 0 }, { 0 }, { 2 }, { 2 } }, new KernelPcaOptions { Gamma = 0.25, Components = 1 });
        Assert.Equal(2 * (1 - Math.Exp(-1)), map.Eigenvalues[0], 1e-6);
        Assert.Equal([1, 1, -1, -1], Enumerable.Range(0, 4).Select(i => Math.Sign(map.Embedding[i, 0]) * Math.Sign(map.Embedding[0, 0])));
        Assert.Equal(Math.Sqrt((1 - Math.Exp(-1)) / 2), Math.Abs(map.Embedding[0, 0]), 1e-6);
        // half way between: as far from both
        Assert.Equal(0, map.Transform(new float[,] { { 1 } })[0, 0], 1e-6);
    }

    [Theory]
    [InlineData(KernelKind.Rbf)]
    [InlineData(KernelKind.Linear)]
    [InlineData(KernelKind.Polynomial)]
    [InlineData(KernelKind.Cosine)]
    public void Transform_of_fitted_points_is_their_embedding(KernelKind kernel)
    {
        var points = Inputs.Blobs(classes: 3, size: 9, width: 5).Points;
        var map = Fit(points, new KernelPcaOptions { Kernel = kernel });
        var again = map.Transform(points);
        for (var i = 0; i < 27; i++)
        {
            for (var k = 0; k < 2; k++) Assert.Equal(map.Embedding[i, k], again[i, k], 1e-4 * Math.Sqrt(map.Eigenvalues[0]));
        }
    }

    [Fact]
    public void Scale_of_the_default_kernel_is_that_of_the_median_distance()
    {
        // distances 1, 2, 3, 1, 2, 1 of four points in a row: the fourth of six is 2
        var map = Fit(new float[,] { { 0 }, { 1 }, { 2 }, { 3 } }, new KernelPcaOptions());
        Assert.Equal(1 / 8.0, map.Gamma, 1e-12);
    }

    [Fact]
    public void Kernels_that_have_no_room_in_single_precision_are_refused_by_row()
    {
        var points = Inputs.Fill(10, 2, (i, _) => i == 4 ? 1e20 : i);
        var error = Assert.Throws<MedTransferException>(() => Fit(points, new KernelPcaOptions { Kernel = KernelKind.Polynomial, Gamma = 1 }));
        Assert.Contains("row 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null, 3, 1)]
    [InlineData(27, null, 3, 1)]
    [InlineData(2, 0.0, 3, 1)]
    [InlineData(2, null, 0, 1)]
    [InlineData(2, null, 3, double.NaN)]
    public void Options_out_of_range_are_refused(int components, double? gamma, int degree, double offset) =>
        Assert.Throws<MedTransferException>(() => Fit(
            Inputs.Blobs(classes: 3, size: 9, width: 5).Points, new KernelPcaOptions { Components = components, Gamma = gamma, Degree = degree, Offset = offset }));
}
