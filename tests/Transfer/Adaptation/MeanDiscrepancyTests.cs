using MedTransfer.Tests.Numerics;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer.Adaptation;

[Collection(OneAtATime.Name)]
public sealed class MeanDiscrepancyTests
{
    // one point each, 1 apart, which is the median: k = (e^-4 + e^-2 + e^-1 + e^-1/2 + e^-1/4) / 5 = .3813724, and 1 + 1 - 2 k
    [Fact]
    public void It_is_that_of_the_formula()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (zeros(1, 1), ones(1, 1));

        Assert.Equal(1.2372552, MeanDiscrepancy.Of(first, second).item<float>(), 1e-6);
        Assert.Equal(0, MeanDiscrepancy.Of(first, first).item<float>(), 1e-6);
    }

    // of a unit normal and one that is 3 off far more than of two halves of one
    [Fact]
    public void It_sees_a_shift()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (one, other) = (randn(200, 2), randn(200, 2));

        Assert.InRange(MeanDiscrepancy.Of(one, other).item<float>(), 0, 0.02);
        Assert.InRange(MeanDiscrepancy.Of(one, other + 3).item<float>(), 0.5, 2);
    }

    // the bandwidth is a constant to the gradient: it is held here as it is there
    [Fact]
    public void Gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (tensor(new double[] { 0, 1, 2 }).reshape(3, 1), tensor(new[] { 0.5, 1.5, 2.5, 3.5 }).reshape(4, 1));
        var moving = tensor(new[] { 6.0 }).reshape(1, 1);   // so far out that the median pair, the 14th of 28, is without it

        FiniteDifferences.AssertGradient(moving, values => MeanDiscrepancy.Of(cat([first, values]), second));
    }
}
