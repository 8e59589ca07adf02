using static TorchSharp.torch;

namespace MedTransfer.Tests.Numerics;

/// <summary>Gradients as they follow from values alone.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>Holds where every entry's gradient is (f(x + h) - f(x - h)) / 2h to 1e-6.</summary>
    /// <param name="at">float64.</param>
    public static void AssertGradient(Tensor at, Func<Tensor, Tensor> of)
    {
        using var scope = NewDisposeScope();
        var point = at.detach().clone().requires_grad_();
        of(point).backward();
        var gradient = point.grad!.flatten();
        for (var i = 0; i < gradient.numel(); i++)
        {
            double At(double change)
            {
                var moved = at.detach().clone();
                moved.view(-1)[i] += change;
                return of(moved).item<double>();
            }

            Assert.Equal((At(Step) - At(-Step)) / (2 * Step), gradient[i].item<double>(), 1e-6);
        }
    }
}
