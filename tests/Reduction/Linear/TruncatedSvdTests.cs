using MedTransfer.Reduction;
using MedTransfer.Reduction.Linear;

namespace MedTransfer.Tests.Reduction.Linear;

public sealed class TruncatedSvdTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new TruncatedSvd(new TruncatedSvdOptions { MaxThreads = maxThreads });

    protected override bool IgnoresWhereZeroIs => false;

    private static TruncatedSvdMap Fit(float[,] points, int components, SpectralSolver solver = SpectralSolver.Auto) =>
        new TruncatedSvd(new TruncatedSvdOptions { Components = components, Solver = solver }).Fit(points, null, Token);

    [Fact]
    public void Svd_of_a_product_of_two_frames_is_its_factors()
    {
        // By hand: 10 u (.6, .8)^T + 5 v (-.8, .6)^T, u = (.5, .5, .5, .5), v = (.5, -.5, .5, -.5).
        var map = Fit(Inputs.Fill(4, 2, (i, j) => 5 * (j == 0 ? 0.6 : 0.8) + (i % 2 == 0 ? 2.5 : -2.5) * (j == 0 ? -0.8 : 0.6)), 2);
        Assert.Equal([10.0, 5], map.SingularValues, Close(1e-6));
        Assert.Equal([0.6, 0.8], map.Components[0], Close(1e-6));
        Assert.Equal([0.8, -0.6], map.Components[1], Close(1e-6));
        Assert.Equal(5, map.Embedding[2, 0], 1e-5);
        Assert.Equal(-2.5, map.Embedding[2, 1], 1e-5);
        // the first is the mean, along which nothing varies
        Assert.Equal([0.0, 1], map.ExplainedVarianceRatio, Close(1e-6));
    }

    [Theory]
    [InlineData(SpectralSolver.Exact)]
    [InlineData(SpectralSolver.Krylov)]
    public void All_components_give_the_points_back(SpectralSolver solver)
    {
        var points = Inputs.Blobs(classes: 2, size: 20, width: 9).Points;
        var map = Fit(points, 9, solver);
        var back = map.InverseTransform(map.Embedding);
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 9; j++) Assert.Equal(points[i, j], back[i, j], 1e-4);
        }

        Assert.Equal(1, map.ExplainedVarianceRatio.Sum(), 1e-6);
    }

    [Fact]
    public void Points_that_do_not_vary_explain_nothing() =>
        Assert.Equal([0.0, 0], Fit(Inputs.Fill(20, 3, (_, _) => 0.1), 2).ExplainedVarianceRatio);

    private static Func<double, double, bool> Close(double tolerance) => (a, b) => Math.Abs(a - b) < tolerance;
}
