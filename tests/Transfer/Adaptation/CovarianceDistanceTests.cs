using MedTransfer.Tests.Numerics;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer.Adaptation;

[Collection(OneAtATime.Name)]
public sealed class CovarianceDistanceTests
{
    // covariances [2 0; 0 0] and [0 0; 0 2] with divisor n - 1: the difference's square is 8, over 4 D^2 = 16
    [Fact]
    public void It_is_that_of_the_formula()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (tensor(new float[] { 0, 0, 2, 0 }).reshape(2, 2), tensor(new float[] { 5, 0, 5, 2 }).reshape(2, 2));

        Assert.Equal(0.5, CovarianceDistance.Of(first, second).item<float>(), 1e-6);
        Assert.Equal(0, CovarianceDistance.Of(first, first + 7).item<float>(), 1e-6);   // a shift moves no covariance
    }

    [Fact]
    public void Gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (first, second) = (randn(5, 3, dtype: ScalarType.Float64), randn(4, 3, dtype: ScalarType.Float64) * 2);

        FiniteDifferences.AssertGradient(first, values => CovarianceDistance.Of(values, second));
        FiniteDifferences.AssertGradient(second, values => CovarianceDistance.Of(first, values));
    }
}
