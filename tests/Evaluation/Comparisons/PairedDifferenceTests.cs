using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class PairedDifferenceTests
{
    private static readonly double[] First = [.852, .861, .848, .870, .855, .839, .866, .858];
    private static readonly double[] Second = [.850, .853, .851, .859, .848, .842, .857, .849];

    // SciPy 1.10.1 and NumPy 1.24.2: r = scipy.stats.ttest_rel(First, Second); r.pvalue, r.confidence_interval(.95);
    // d = First - Second; d.mean(), d.std(ddof=1), scipy.stats.sem(d). Its interval is right to ten digits (see StudentTTests).
    [Fact]
    public void Difference_is_scipys_paired_t_test()
    {
        var difference = PairedDifference.Of(First, Second);

        Assert.Equal(8, difference.Count);
        Assert.Equal(0.0050000000000000044, difference.Mean, 1e-15);
        Assert.Equal(0.0019730324738475922, difference.StandardError!.Value, 1e-15);
        Assert.Equal(0.0003345195643091438, difference.Interval95!.Low, 2e-12);
        Assert.Equal(0.009665480435690866, difference.Interval95.High, 2e-12);
        Assert.Equal(0.038994647939675615, difference.PValue!.Value, 1e-12);
    }

    [Fact]
    public void Difference_the_other_way_round_changes_sign_only()
    {
        var (there, back) = (PairedDifference.Of(First, Second), PairedDifference.Of(Second, First));

        Assert.Equal(-there.Mean, back.Mean, 1e-17);
        Assert.Equal(-there.Interval95!.Low, back.Interval95!.High, 1e-15);
        Assert.Equal(there.PValue!.Value, back.PValue!.Value, 1e-15);
    }

    [Fact]
    public void One_pair_has_no_interval() =>
        Assert.Equal(new(1, 0.25, null, null, null), PairedDifference.Of([0.75], [0.5]));

    [Fact]
    public void Equal_differences_have_no_interval_instead_of_a_certain_one() =>
        Assert.Equal(new(3, 0.25, 0, null, null), PairedDifference.Of([0.5, 0.75, 1], [0.25, 0.5, 0.75]));

    [Fact]
    public void Differences_that_are_equal_up_to_rounding_are_equal()
    {
        var difference = PairedDifference.Of([.9, .5, .2], [.8, .4, .1]);

        Assert.NotEqual(.9 - .8, .2 - .1);
        Assert.Equal(0.1, difference.Mean, 1e-15);
        Assert.Null(difference.PValue);
    }

    [Fact]
    public void Differences_that_spread_by_a_ten_thousandth_keep_their_interval()
    {
        // standard error .0001 / sqrt 3, t(.975, 2) = 4.302653
        var difference = PairedDifference.Of([.8, .8001, .8002], [.7, .7, .7]);

        Assert.Equal(0.1001 - 0.0002484138, difference.Interval95!.Low, 1e-9);
        Assert.Equal(0.1001 + 0.0002484138, difference.Interval95.High, 1e-9);
    }

    [Fact]
    public void Same_values_have_a_difference_of_zero_and_no_test() =>
        Assert.Equal(new(8, 0, 0, null, null), PairedDifference.Of(First, First));

    [Fact]
    public void Lists_that_do_not_pair_are_refused() => Assert.Throws<ArgumentException>(() => PairedDifference.Of([1, 2], [1]));
}
