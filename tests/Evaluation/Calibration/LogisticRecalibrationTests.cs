using MedTransfer.Evaluation.Calibration;

namespace MedTransfer.Tests.Evaluation.Calibration;

public sealed class LogisticRecalibrationTests
{
    // Scikit-learn 1.2.1: z = np.log(P / (1 - P)); LogisticRegression(penalty="none", tol=1e-14, solver="newton-cg").fit(z[:, None], y)
    // SciPy 1.10.1: brentq(lambda a: (1 / (1 + np.exp(-(z + a)))).sum() - y.sum(), -10, 10, xtol=1e-15)
    [Fact]
    public void Lines_are_those_of_logistic_regression()
    {
        var fit = LogisticRecalibration.Of(FortyImages.Probabilities, FortyImages.Positive);

        Assert.Equal(0.4892036273585633, fit.Slope!.Value, 1e-8);
        Assert.Equal(-0.1157673243808864, fit.Intercept!.Value, 1e-8);
        Assert.Equal(-0.15006548518596363, fit.InTheLarge!.Value, 1e-12);
    }

    [Fact]
    public void Calibrated_probabilities_have_slope_one_and_no_intercept()
    {
        // A quarter of those given .25 is positive, half of those given .5, three quarters of those given .75.
        var fit = LogisticRecalibration.Of(
            [.25f, .25f, .25f, .25f, .5f, .5f, .75f, .75f, .75f, .75f],
            [true, false, false, false, true, false, true, true, true, false]);

        Assert.Equal(1, fit.Slope!.Value, 1e-12);
        Assert.Equal(0, fit.Intercept!.Value, 1e-12);
        Assert.Equal(0, fit.InTheLarge!.Value, 1e-12);
    }

    [Fact]
    public void Steep_line_is_reached_by_halved_steps()
    {
        // One of four at .499 and three of four at .501 are log odds of -+log 3 at logits of -+.004: a slope of 275.
        var fit = LogisticRecalibration.Of(
            [.499f, .499f, .499f, .499f, .501f, .501f, .501f, .501f], [true, false, false, false, true, true, true, false]);

        Assert.Equal(Math.Log(3) / Math.Log(.501 / .499), fit.Slope!.Value, 0.05);
    }

    [Fact]
    public void Certain_and_wrong_probabilities_are_clipped_not_infinite()
    {
        var clipped = LogisticRecalibration.Of([0, 1, .3f, .6f, .7f], [true, false, false, true, true]);

        Assert.Equal(clipped, LogisticRecalibration.Of([1e-7f, 1, .3f, .6f, .7f], [true, false, false, true, true]));
        Assert.True(clipped.Slope < 0);
    }

    [Theory]
    [InlineData(.2f, .4f, .6f)]
    [InlineData(.2f, .5f, .5f)]
    [InlineData(.5f, .5f, .5f)]
    [InlineData(.9f, .4f, .3f)]
    public void Separable_classes_have_no_slope(float negative, float alsoNegative, float positive)
    {
        var fit = LogisticRecalibration.Of([negative, alsoNegative, positive], [false, false, true]);

        Assert.Null(fit.Slope);
        Assert.Null(fit.Intercept);
        Assert.NotNull(fit.InTheLarge);
    }

    [Fact]
    public void One_class_has_no_line() =>
        Assert.Equal(new LogisticRecalibration(null, null, null), LogisticRecalibration.Of([.2f, .5f], [true, true]));
}
