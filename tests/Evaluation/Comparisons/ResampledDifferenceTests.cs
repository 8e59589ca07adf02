using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class ResampledDifferenceTests
{
    // NumPy 1.24.2 and SciPy 1.10.1: se = d.std(ddof=1) * sqrt(1/5 + .25); 2 * t.sf(d.mean() / se, 4); d.mean() -+ t.ppf(.975, 4) * se
    [Fact]
    public void Five_folds_are_corrected_by_test_over_train()
    {
        var difference = ResampledDifference.Of([.81, .84, .79, .86, .83], [.78, .80, .80, .81, .79], 0.25);
        Assert.Equal(0.02999999999999996, difference.Mean, 1e-15);
        Assert.Equal(0.015732132722552254, difference.StandardError!.Value, 1e-15);
        Assert.Equal(0.12920298463941007, difference.PValue!.Value, 1e-12);
        Assert.Equal(-0.01367940289185236, difference.Interval95!.Low, 1e-12);
        Assert.Equal(0.07367940289185228, difference.Interval95.High, 1e-12);
    }

    // images held out over images learned from, not over all
    [Fact]
    public void Held_out_share_is_of_those_that_were_learned_from()
    {
        Assert.Equal(0.25, new ResamplingOptions { Folds = 5 }.HeldOutOverTrained);
        Assert.Equal(1 / 3.0, new ResamplingOptions { Scheme = ResamplingScheme.MonteCarlo, HeldOut = 0.25 }.HeldOutOverTrained!.Value, 1e-15);
        Assert.Null(new ResamplingOptions { Scheme = ResamplingScheme.LeaveOneOut }.HeldOutOverTrained);
        Assert.Null(new ResamplingOptions { Scheme = ResamplingScheme.Bootstrap }.HeldOutOverTrained);
    }

    [Fact]
    public void Interval_stays_within_the_range_and_equal_folds_have_none()
    {
        Assert.Equal(1, ResampledDifference.Of([1, .2], [0, 0], 1).Interval95!.High);
        Assert.Null(ResampledDifference.Of([.5, .5], [.25, .25], 0.25).Interval95);
        Assert.Null(ResampledDifference.Of([.5], [.25], 0.25).PValue);
    }

    // statsmodels 0.13.5: multipletests([.01, .04, .03, .005, .6], method="holm")[1]
    [Fact]
    public void Holm_is_that_of_statsmodels()
    {
        Assert.Equal([0.04, 0.09, 0.09, 0.025, 0.6], Holm.Adjusted([.01, .04, .03, .005, .6]).Select(p => Math.Round(p!.Value, 12)));
        Assert.Equal([0.02, null, 0.03, 1], Holm.Adjusted([.005, null, .01, 1]).Select(p => p is { } value ? Math.Round(value, 12) : (double?)null).Select((p, i) => i == 0 ? Math.Round(p!.Value * 4 / 3, 12) : i == 2 ? Math.Round(p!.Value * 3 / 2, 12) : p));
        Assert.Empty(Holm.Adjusted([]));
    }

    [Fact]
    public void Ties_count_half_in_how_often_one_way_is_better()
    {
        // 3 of 4, and a tie of 5: 3.5 / 5 with Wilson's interval of that share
        var superiority = Superiority.Of([(0, .1), (1, .2), (2, 0), (3, -.1), (4, .3)]);
        Assert.Equal((5, 0.7), (superiority.Seeds, superiority.Probability));
        // draws of one seed count once: two seeds, one of which wins half of its draws
        Assert.Equal((2, 0.75), Superiority.Of([(0, .1), (0, -.1), (1, .2), (1, .1)]) is var crossed ? (crossed.Seeds, crossed.Probability) : default);
        // (.7 + z^2 / 10 -+ z sqrt(.7 .3 / 5 + z^2 / 100)) / (1 + z^2 / 5), z^2 = 3.8414588
        Assert.Equal((1.08414588 - 1.95996398 * Math.Sqrt(0.042 + 0.038414588)) / 1.76829176, superiority.Interval95.Low, 1e-8);
    }
}
