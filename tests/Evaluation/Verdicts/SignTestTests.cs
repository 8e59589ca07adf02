using MedTransfer.Evaluation.Verdicts;

namespace MedTransfer.Tests.Evaluation.Verdicts;

public sealed class SignTestTests
{
    private static readonly CensoredTime Never = new(20, true);

    private static CensoredTime At(double time) => new(time, false);

    [Fact]
    public void Level_is_reached_at_the_first_epoch_that_has_it_or_later_than_all()
    {
        Assert.Equal(At(2), CensoredTime.ToReach(0.8, [0.7, 0.8, 0.6, 0.9]));
        Assert.Equal(At(3), CensoredTime.ToReach(0.8, [0.7, null, 0.8]));
        Assert.Equal(new(3, true), CensoredTime.ToReach(0.8, [0.7, null, 0.79]));
        Assert.Equal(new(0, true), CensoredTime.ToReach(0.8, []));
    }

    [Fact]
    public void Median_counts_those_that_never_did()
    {
        Assert.Equal(At(5), CensoredTime.Median([At(9), At(1), At(5)]));
        Assert.Equal(At(5), CensoredTime.Median([Never, At(1), At(5)]));
        Assert.Equal(At(3), CensoredTime.Median([Never, At(1), At(5), At(1)]));
        Assert.Equal(new(12.5, true), CensoredTime.Median([Never, At(1), Never, At(5)]));
        Assert.Equal(Never, CensoredTime.Median([Never, At(1), Never]));
    }

    [Fact]
    public void Median_above_a_time_that_was_given_up_early_is_at_least_that() =>
        Assert.Equal(new(5, true), CensoredTime.Median([new(3, true), At(5), At(9)]));

    [Fact]
    public void Time_that_never_came_is_later_than_one_that_came_by_then()
    {
        Assert.Equal(1, Never.SignAgainst(At(20)));
        Assert.Equal(-1, At(4).SignAgainst(Never));
        Assert.Equal(1, At(5).SignAgainst(At(4)));
        Assert.Equal(0, At(5).SignAgainst(At(5)));
        Assert.Null(Never.SignAgainst(Never));
        Assert.Null(new CensoredTime(3, true).SignAgainst(At(5)));
        Assert.Null(At(5).SignAgainst(new CensoredTime(3, true)));
    }

    // SciPy 1.10.1: scipy.stats.binomtest(k, n).pvalue
    [Theory]
    [InlineData(10, 9, 0.021484375, Verdict.Above)]
    [InlineData(10, 1, 0.021484375, Verdict.Below)]
    [InlineData(10, 8, 0.109375, Verdict.Undecided)]
    [InlineData(6, 6, 0.03125, Verdict.Above)]
    [InlineData(5, 5, 0.0625, Verdict.Undecided)]
    [InlineData(4, 2, 1.0, Verdict.Undecided)]
    [InlineData(1, 1, 1.0, Verdict.Untested)]
    public void Verdict_follows_from_the_exact_test(int pairs, int firstLater, double p, Verdict verdict)
    {
        var test = new SignTest(firstLater, pairs - firstLater, 3);
        Assert.Equal(p, test.PValue!.Value, 1e-12);
        Assert.Equal(verdict, test.Verdict);
    }

    [Fact]
    public void Seeds_that_never_reach_the_level_count()
    {
        var test = SignTest.Of([Never, Never, At(9), At(9), At(9), At(9), Never, At(7)], [At(3), At(3), At(3), At(3), At(3), At(3), Never, At(7)]);
        Assert.Equal(new SignTest(6, 0, 2), test);
        Assert.Equal(Verdict.Above, test.Verdict);
    }

    [Fact]
    public void Nothing_that_differs_is_untested()
    {
        var test = SignTest.Of([Never, At(2)], [Never, At(2)]);
        Assert.Null(test.PValue);
        Assert.Equal(Verdict.Untested, test.Verdict);
    }
}
