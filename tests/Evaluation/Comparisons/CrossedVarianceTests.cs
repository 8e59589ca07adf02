using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Intervals;
using MedTransfer.Tests.Evaluation.Simulation;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class CrossedVarianceTests
{
    // values 1, 2, 4 | 2, 5, 5 of draws 0, 1 and seeds 0, 1, 2, by hand: mean 19/6; draws' means 7/3, 4 and seeds' 3/2, 7/2, 9/2;
    // SS draws 6 (5/6)^2 = 25/6, seeds 2 ((5/3)^2 + (1/3)^2 + (4/3)^2) = 28/3, total 75 - 361/6 = 89/6, rest 4/3;
    // MS 25/6, 14/3, 2/3; (25/6 + 14/3 - 2/3) / 6 = 49/36
    [Fact]
    public void Seeds_crossed_with_draws_have_an_analysis_of_variance()
    {
        var variance = CrossedVariance.Of([(0, 0, 1), (1, 0, 2), (2, 0, 4), (0, 1, 2), (1, 1, 5), (2, 1, 5)]);
        Assert.Equal(49 / 36.0, variance.OfMean, 1e-12);
        // (49/6)^2 / ((25/6)^2 / 1 + (14/3)^2 / 2 + (2/3)^2 / 2)
        Assert.Equal(49 * 49 / 36.0 / (625 / 36.0 + 196 / 18.0 + 4 / 18.0), variance.DegreesOfFreedom, 1e-12);
    }

    [Fact]
    public void Negative_parts_are_no_less_than_the_larger_of_seeds_and_draws()
    {
        // seeds' means and draws' means differ by less than the rest: MS 1/6 for draws, 1/6 for seeds, 6 for the rest
        var variance = CrossedVariance.Of([(0, 0, 0), (1, 0, 3), (0, 1, 3), (1, 1, 1)]);
        Assert.Equal((0.25 / 4, 1), (variance.OfMean, variance.DegreesOfFreedom));
    }

    [Fact]
    public void Seeds_with_a_draw_each_or_one_draw_for_all_vary_as_a_mean()
    {
        // deviations -1, 0, 1: s^2 / n = 1 / 3
        Assert.Equal(new(1 / 3.0, 2), Rounded(CrossedVariance.Of([(0, 0, 1), (1, 1, 2), (2, 2, 3)])));
        Assert.Equal(new(1 / 3.0, 2), Rounded(CrossedVariance.Of([(0, 7, 1), (1, 7, 2), (2, 7, 3)])));
        Assert.Equal(0, CrossedVariance.Of([(0, 0, .1), (1, 1, .1), (2, 2, .1)]).OfMean);
    }

    [Fact]
    public void Where_cells_are_missing_the_larger_of_both_counts()
    {
        // means of seeds 2 and 3, s^2 / 2 = 1/4; of draws 1.5 and 4, s^2 / 2 = 1.5625
        Assert.Equal(1.5625, CrossedVariance.Of([(0, 0, 1), (1, 0, 2), (1, 1, 4)]).OfMean, 1e-12);
    }

    // five seeds crossed with five draws, of normal numbers with variances of seeds, draws and the rest
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 1, 0.2)]
    [InlineData(0, 0, 1)]
    public void Interval_of_five_seeds_and_five_draws_holds_the_mean(double ofSeeds, double ofDraws, double ofRest)
    {
        var draws = new NormalDraws(11);
        var holds = Enumerable.Range(0, 1000).Count(_ =>
        {
            double[] Five(double variance) => [.. Enumerable.Range(0, 5).Select(_ => Math.Sqrt(variance) * draws.Next())];
            var (seeds, samples) = (Five(ofSeeds), Five(ofDraws));
            (int, int, double Value)[] values = [.. from seed in Enumerable.Range(0, 5) from draw in Enumerable.Range(0, 5) select (seed, draw, seeds[seed] + samples[draw] + Math.Sqrt(ofRest) * draws.Next())];
            var variance = CrossedVariance.Of(values);
            return Math.Abs(values.Average(value => value.Value)) <= StudentT.Critical(0.05, variance.DegreesOfFreedom) * Math.Sqrt(variance.OfMean);
        });
        // where neither varies, it is too long
        Assert.InRange(holds, 925, ofSeeds + ofDraws > 0 ? 980 : 1000);
    }

    private static CrossedVariance Rounded(CrossedVariance variance) => variance with { OfMean = Math.Round(variance.OfMean * 3, 12) / 3 };
}
