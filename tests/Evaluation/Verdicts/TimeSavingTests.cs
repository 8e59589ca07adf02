using MedTransfer.Evaluation.Intervals;
using MedTransfer.Evaluation.Verdicts;

namespace MedTransfer.Tests.Evaluation.Verdicts;

public sealed class TimeSavingTests
{
    private static readonly Interval AboutForty = new(0.35, 0.45);

    [Fact]
    public void Way_that_takes_six_of_ten_seconds_saves_forty_per_cent()
    {
        Assert.Equal(0.4, TimeSaving.Of([10], [6])!.Mean, 1e-12);
        Assert.Equal(-0.5, TimeSaving.Of([10, 10], [15, 15])!.Mean, 1e-12);
        Assert.Single(TimeSaving.Of([10, 10, 10], [6])!.Shares);
        Assert.Null(TimeSaving.Of([10], []));
    }

    // of three rounds the interval reaches 2.484 times their distance to either side
    [Theory]
    [InlineData(0.40, 0.01, SavingVerdict.Holds)]
    [InlineData(0.40, 0.04, SavingVerdict.InLine)]
    [InlineData(0.34, 0.01, SavingVerdict.InLine)]
    [InlineData(0.97, 0.005, SavingVerdict.More)]
    [InlineData(0.10, 0.01, SavingVerdict.Less)]
    [InlineData(0.01, 0.02, SavingVerdict.LessIfAny)]
    [InlineData(0.20, 0.10, SavingVerdict.Undecided)]
    [InlineData(0.40, 0.30, SavingVerdict.Undecided)]
    [InlineData(-0.30, 0.01, SavingVerdict.Opposite)]
    [InlineData(0.40, 0.0, SavingVerdict.Untested)]
    public void Verdict_follows_from_where_the_interval_lies(double mean, double distance, SavingVerdict verdict) =>
        Assert.Equal(verdict, new TimeSaving([mean - distance, mean, mean + distance]).Against(AboutForty));

    // ratios of .1, .2 and .4: their logarithms are .6931 apart, log .2 in the middle, 2.484 times that to either side
    [Fact]
    public void Nothing_saves_more_than_all()
    {
        var saving = new TimeSaving([0.9, 0.8, 0.6]);
        Assert.Equal(0.8, saving.Mean, 1e-12);
        Assert.Equal(1 - 0.2 * Math.Exp(2.4841 * Math.Log(2)), saving.Interval95!.Low, 1e-3);
        Assert.Equal(1 - 0.2 * Math.Exp(-2.4841 * Math.Log(2)), saving.Interval95.High, 1e-3);
        Assert.Null(TimeSaving.Of([0, 1], [1, 0]));
    }

    [Fact]
    public void One_round_is_untested() => Assert.Equal(SavingVerdict.Untested, new TimeSaving([0.4]).Against(AboutForty));

    [Fact]
    public void Median_of_rounds_stands_between_the_lowest_and_the_highest()
    {
        Assert.Equal(new(3, 2, 1, 9), MedianAndRange.Of([9, 1, 2]));
        Assert.Equal(new(4, 2.5, 1, 9), MedianAndRange.Of([9, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => MedianAndRange.Of([]));
    }
}
