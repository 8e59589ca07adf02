using FsCheck.Xunit;
using MedTransfer.Evaluation.Calibration;

namespace MedTransfer.Tests.Evaluation.Calibration;

/// <summary>
/// Oracle: SciPy 1.10.1, L = np.log(p.astype(float)); T = 1 / brentq(g, 1e-3, 1e2, xtol=1e-15, rtol=1e-14) with
/// q = scipy.special.softmax(b * L, 1); g = lambda b: (q * (L - L[np.arange(len(y)), y][:, None])).sum()
/// </summary>
[Properties(Replay = "1982,29")]
public sealed class TemperatureScalingTests
{
    private static readonly float[,] ThreeClasses =
    {
        { .7f, .2f, .1f }, { .4f, .4f, .2f }, { .1f, .6f, .3f }, { .2f, .5f, .3f },
        { .3f, .3f, .4f }, { .1f, .1f, .8f }, { .5f, .25f, .25f }, { .2f, .2f, .6f },
    };

    private static readonly byte[,] Labels = { { 0 }, { 0 }, { 1 }, { 2 }, { 2 }, { 2 }, { 1 }, { 1 } };

    [Fact]
    public void Temperature_of_two_classes_is_the_one_of_least_loss() =>
        Assert.Equal(2.050171041727124, TemperatureScaling.Fit(FortyImages.Softmax(), FortyImages.Labels())!.Temperature, 1e-10);

    [Fact]
    public void Temperature_of_three_classes_is_the_one_of_least_loss() =>
        Assert.Equal(0.8397650548060391, TemperatureScaling.Fit(ThreeClasses, Labels)!.Temperature, 1e-10);

    [Fact]
    public void Probabilities_are_raised_and_sum_to_one()
    {
        // q = np.exp(L[0] / T); q / q.sum()
        var row = TemperatureScaling.Fit(ThreeClasses, Labels)!.Apply(ThreeClasses);

        Assert.Equal(0.755563589953048, row[0, 0], 1e-6);
        Assert.Equal(0.16997684931720433, row[0, 1], 1e-6);
        Assert.Equal(0.07445956072974771, row[0, 2], 1e-6);
    }

    [Property]
    public bool Temperature_that_was_put_in_is_found_again(byte tenths)
    {
        var temperature = (tenths + 1) / 10.0;
        var of = TemperatureScaling.Fit(ThreeClasses, Labels)!.Temperature;
        var softened = new TemperatureScaling(temperature).Apply(ThreeClasses);
        return Math.Abs(TemperatureScaling.Fit(softened, Labels)!.Temperature * temperature / of - 1) < 1e-3;
    }

    [Fact]
    public void Certain_and_wrong_answer_leaves_a_temperature()
    {
        float[,] p = { { 1, 0 }, { 1, 0 }, { 0, 1 } };

        // Two of three right at a log odds of 87.34 / T, that is log 2.
        Assert.Equal(87.3365 / Math.Log(2), TemperatureScaling.Fit(p, new byte[,] { { 0 }, { 1 }, { 1 } })!.Temperature, 0.01);
    }

    [Fact]
    public void Answers_that_are_all_right_have_no_temperature() =>
        Assert.Null(TemperatureScaling.Fit(new[,] { { .6f, .4f }, { .2f, .8f } }, new byte[,] { { 0 }, { 1 } }));

    [Fact]
    public void Answers_no_better_than_guessing_have_no_temperature() =>
        Assert.Null(TemperatureScaling.Fit(new[,] { { .6f, .4f }, { .6f, .4f } }, new byte[,] { { 0 }, { 1 } }));

    [Fact]
    public void Temperature_below_zero_is_refused() =>
        Assert.Throws<MedTransferException>(() => new TemperatureScaling(-1).Apply(ThreeClasses));
}
