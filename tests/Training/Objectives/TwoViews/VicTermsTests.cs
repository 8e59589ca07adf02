using MedTransfer.Tests.Numerics;
using MedTransfer.Training.Objectives.TwoViews;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Objectives.TwoViews;

[Collection(OneAtATime.Name)]
public sealed class VicTermsTests
{
    // (1 - 0)^2 and (4 - 1)^2 of four entries: 10 / 4
    [Fact]
    public void Invariance_is_the_mean_squared_difference()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(2.5, VicTerms.Invariance(Rows(1, 2, 3, 4), Rows(0, 2, 3, 1)).item<float>(), 1e-6);
        Assert.Equal(0, VicTerms.Invariance(Rows(1, 2, 3, 4), Rows(1, 2, 3, 4)).item<float>());
    }

    // columns (0, 1) and (0, 4): variances .5 and 8 with divisor 1; 1 - sqrt(.5001) = .2928225 and 0, as sqrt(8.0001) is above 1; their mean .1464113
    [Fact]
    public void Variance_is_what_deviations_lack_to_one()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0.1464113, VicTerms.Variance(Rows(0, 0, 1, 4)).item<float>(), 1e-6);
        Assert.Equal(0.99, VicTerms.Variance(Rows(7, 3, 7, 3)).item<float>(), 1e-6);   // 1 - sqrt(1e-4)
        Assert.Equal(0, VicTerms.Variance(Rows(0, 0, 9, -9)).item<float>());
    }

    // columns (0, 1) and (0, 4), centred (-.5, .5) and (-2, 2): covariance 2, twice beside the diagonal, 2 * 2^2 / 2 columns; a shift changes nothing
    [Fact]
    public void Covariance_is_that_of_different_columns()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(4, VicTerms.Covariance(Rows(0, 0, 1, 4)).item<float>(), 1e-6);
        Assert.Equal(4, VicTerms.Covariance(Rows(5, 5, 6, 9)).item<float>(), 1e-6);
        Assert.Equal(0, VicTerms.Covariance(Rows(0, 3, 1, 3)).item<float>(), 1e-6);   // one column alone varies
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (first, second) = (randn(5, 3, dtype: ScalarType.Float64), randn(5, 3, dtype: ScalarType.Float64));

        FiniteDifferences.AssertGradient(first, values => VicTerms.Invariance(values, second));
        FiniteDifferences.AssertGradient(first * 0.4, VicTerms.Variance);
        FiniteDifferences.AssertGradient(first, VicTerms.Covariance);
    }

    [Fact]
    public void What_has_collapsed_has_a_gradient_that_is_a_number()
    {
        using var scope = NewDisposeScope();
        var values = ones(4, 3).requires_grad_();

        VicTerms.Variance(values).backward();

        Assert.True(values.grad!.isfinite().all().item<bool>());
    }

    private static Tensor Rows(params float[] values) => tensor(values).reshape(2, 2);
}
