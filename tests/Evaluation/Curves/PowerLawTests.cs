using MedTransfer.Evaluation.Curves;

namespace MedTransfer.Tests.Evaluation.Curves;

/// <summary>Learning curves a - b n^-c.</summary>
public sealed class PowerLawTests
{
    [Fact]
    public void Curve_and_its_inverse_are_what_their_formula_says()
    {
        var curve = new PowerLaw(0.9, 1, 0.5);

        Assert.Equal(0.8, curve.At(100), 1e-12);
        Assert.Equal(100, curve.ImagesFor(0.8), 1e-6);
        Assert.Equal(1, curve.ImagesFor(-0.5));
        Assert.Equal(double.PositiveInfinity, curve.ImagesFor(0.9));
        Assert.Equal(double.PositiveInfinity, new PowerLaw(0.9, 0, 1).ImagesFor(0.95));
        Assert.Equal(1, new PowerLaw(0.9, 0, 1).ImagesFor(0.9));
    }

    // an exponent that is tried: 0.1 20^(1/2)
    [Fact]
    public void Points_of_a_curve_give_the_curve()
    {
        var own = new PowerLaw(0.95, 0.8, 0.1 * Math.Pow(20, 0.5));

        var fitted = PowerLaw.Fit([.. new[] { 30, 60, 120, 240 }.Select(images => (images, own.At(images)))]);

        Assert.Equal(own.Asymptote, fitted.Asymptote, 1e-9);
        Assert.Equal(own.Factor, fitted.Factor, 1e-8);
        Assert.Equal(own.Exponent, fitted.Exponent, 1e-12);
    }

    [Fact]
    public void Score_never_rises_above_one_and_never_falls()
    {
        // steeper and steeper, as if towards 1.1
        var rising = PowerLaw.Fit([(30, 0.5), (60, 0.7), (120, 0.99)]);
        Assert.InRange(rising.Asymptote, 0, 1);
        var falling = PowerLaw.Fit([(30, 0.9), (60, 0.8), (120, 0.7)]);
        // no factor, so that all sizes have their weighted mean: (1 x .9 + 2 x .8 + 3 x .7) / 6
        Assert.Equal(0, falling.Factor);
        Assert.Equal(4.6 / 6, falling.Asymptote, 1e-12);
    }

    [Fact]
    public void Later_points_weigh_more()
    {
        // no curve passes through all three: it comes nearer to the last
        (int Images, double Score)[] points = [(30, 0.8), (60, 0.7), (120, 0.9)];
        var fitted = PowerLaw.Fit(points);
        Assert.True(Math.Abs(fitted.At(120) - 0.9) < Math.Abs(fitted.At(30) - 0.8));
        Assert.Throws<ArgumentException>(() => PowerLaw.Fit([.. points.Take(2)]));
    }
}
