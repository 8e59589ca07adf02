using MedTransfer.Reduction;
using MedTransfer.Reduction.FuzzyGraphs;

namespace MedTransfer.Tests.Reduction.FuzzyGraphs;

public sealed class UmapTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new Umap(new UmapOptions { Epochs = 100, MaxThreads = maxThreads });

    // scipy 1.10: curve_fit of umap-learn 0.5.3's find_ab_params(spread, min_dist)
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
}
