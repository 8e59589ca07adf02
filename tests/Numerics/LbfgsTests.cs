using MedTransfer.Numerics;

namespace MedTransfer.Tests.Numerics;

public sealed class LbfgsTests
{
    // f(x) = sum k_i (x_i - i)^2 / 2 with k from 1 to 10,000 has its minimum, 0, at x_i = i.
    [Fact]
    public void Minimum_of_an_ill_conditioned_quadratic_is_found()
    {
        var minimum = Lbfgs.Minimise(Quadratic, new double[20], 1e-9, 2000, CancellationToken.None);

        Assert.True(minimum.Converged);
        Assert.InRange(minimum.Iterations, 1, 1000);   // SciPy 1.10's L-BFGS-B takes 640 (gtol=1e-9, ftol=0)
        Assert.InRange(minimum.Value, 0, 1e-15);
        for (var i = 0; i < 20; i++)
            Assert.Equal(i, minimum.Point[i], 1e-8);
    }

    [Fact]
    public void Start_at_the_minimum_is_the_answer()
    {
        var minimum = Lbfgs.Minimise(Quadratic, [.. Enumerable.Range(0, 20)], 1e-9, 1000, CancellationToken.None);

        Assert.Equal((0, true, 0.0), (minimum.Iterations, minimum.Converged, minimum.Value));
    }

    [Fact]
    public void Start_is_left_as_it_is()
    {
        var start = new double[20];

        Lbfgs.Minimise(Quadratic, start, 1e-9, 1000, CancellationToken.None);

        Assert.All(start, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Too_few_iterations_are_told() =>
        Assert.False(Lbfgs.Minimise(Quadratic, new double[20], 1e-9, 2, CancellationToken.None).Converged);

    [Fact]
    public void Objective_that_falls_without_end_does_not_converge()
    {
        static double Slope(ReadOnlySpan<double> point, Span<double> gradient)
        {
            gradient[0] = 1;
            return point[0];
        }

        Assert.False(Lbfgs.Minimise(Slope, [0], 1e-9, 50, CancellationToken.None).Converged);
    }

    [Fact]
    public void Objective_that_is_not_a_number_does_not_converge()
    {
        static double Nothing(ReadOnlySpan<double> point, Span<double> gradient)
        {
            gradient[0] = double.NaN;
            return double.NaN;
        }

        Assert.False(Lbfgs.Minimise(Nothing, [0], 1e-9, 50, CancellationToken.None).Converged);
    }

    [Fact]
    public void Cancellation_ends_it() =>
        Assert.Throws<OperationCanceledException>(() => Lbfgs.Minimise(Quadratic, new double[20], 1e-9, 1000, new CancellationToken(canceled: true)));

    private static double Quadratic(ReadOnlySpan<double> point, Span<double> gradient)
    {
        var value = 0.0;
        for (var i = 0; i < point.Length; i++)
        {
            var stiffness = Math.Pow(10, 4.0 * i / (point.Length - 1));
            gradient[i] = stiffness * (point[i] - i);
            value += gradient[i] * (point[i] - i) / 2;
        }

        return value;
    }
}
