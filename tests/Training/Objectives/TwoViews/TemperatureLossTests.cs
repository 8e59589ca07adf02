using MedTransfer.Tests.Numerics;
using MedTransfer.Training.Objectives.TwoViews;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training.Objectives.TwoViews;

[Collection(OneAtATime.Name)]
public sealed class TemperatureLossTests
{
    // views (1,0), (0,1) of one kind and (2,0), (0,3) of the other, whose lengths do not count: each has its partner at cosine 1 and two others at 0, so that at t = .5 the loss is
    // log(e^2 + 2) - 2 = log(9.3890561) - 2 = .2395448
    [Fact]
    public void Views_of_one_direction_are_found()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0.2395448, TemperatureLoss.Of(Rows(1, 0, 0, 1), Rows(2, 0, 0, 3), 0.5).item<float>(), 1e-6);
    }

    // the same with partners exchanged: the partner is at cosine 0 and one stranger at 1, log(e^2 + 2) - 0
    [Fact]
    public void Views_of_a_stranger_s_direction_are_not()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(2.2395448, TemperatureLoss.Of(Rows(1, 0, 0, 1), Rows(0, 3, 2, 0), 0.5).item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Of_views_that_are_all_alike_it_is_a_guess_among_the_others(int images)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(Math.Log(2 * images - 1), TemperatureLoss.Of(ones(images, 3), ones(images, 3), 0.1).item<float>(), 1e-5);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (first, second) = (randn(4, 3, dtype: ScalarType.Float64), randn(4, 3, dtype: ScalarType.Float64));

        FiniteDifferences.AssertGradient(first, values => TemperatureLoss.Of(values, second, 0.5));
        FiniteDifferences.AssertGradient(second, values => TemperatureLoss.Of(first, values, 0.2));
    }

    [Fact]
    public void Projections_of_no_length_have_gradients_that_are_numbers()
    {
        using var scope = NewDisposeScope();
        var values = zeros(3, 2).requires_grad_();

        TemperatureLoss.Of(values, ones(3, 2), 0.5).backward();

        Assert.True(values.grad!.isfinite().all().item<bool>());
    }

    private static Tensor Rows(params float[] values) => tensor(values).reshape(2, 2);
}
