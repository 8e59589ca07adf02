using MedTransfer.Evaluation.Transferability;

namespace MedTransfer.Tests.Evaluation.Transferability;

public sealed class RankAgreementTests
{
    private static readonly double[] Guessed = [.61, .70, .70, .55, .82, .90, .76];
    private static readonly double[] Seen = [.58, .66, .71, .60, .71, .88, .69];

    [Fact]
    public void Agreement_with_a_tie_is_that_by_hand()
    {
        // pairs of 1, 2, 2 with 1, 3, 2: two in the same order, one tied in the first list alone: 2 / sqrt(2 3); ranks less 2 are -1, .5, .5 and -1, 1, 0: 1.5 / sqrt(1.5 2).
        // Of the six orders, those that put the 1 first or last are as far: two of 1.5 or -1.5 each, four of six.
        var agreement = RankAgreement.Of([1, 2, 2], [1, 3, 2]);

        Assert.Equal(2 / Math.Sqrt(6), agreement.Kendall.Value, 1e-14);
        Assert.Equal(1.5 / Math.Sqrt(3), agreement.Spearman.Value, 1e-14);
        Assert.Equal(4 / 6.0, agreement.Kendall.PValue, 1e-14);
        Assert.Equal(4 / 6.0, agreement.Spearman.PValue, 1e-14);
    }

    // SciPy 1.10.1: kendalltau(a, b)[0], spearmanr(a, b)[0], and the share of itertools.permutations(b) in which they are as far from 0
    [Fact]
    public void Agreement_with_ties_is_SciPys()
    {
        var agreement = RankAgreement.Of(Guessed, Seen);

        Assert.Equal(0.75, agreement.Kendall.Value, 1e-14);
        Assert.Equal(0.8636363636363636, agreement.Spearman.Value, 1e-14);
        Assert.Equal(0.025, agreement.Kendall.PValue, 1e-14);
        Assert.Equal(0.017063492063492062, agreement.Spearman.PValue, 1e-14);
    }

    // SciPy 1.10.1: kendalltau(range(8), [2, 1, 4, 3, 6, 5, 8, 7], method='exact')
    [Fact]
    public void P_value_of_eight_items_is_exact() =>
        Assert.Equal(0.014136904761904762, RankAgreement.Of([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7]).Kendall.PValue, 1e-14);

    // SciPy 1.10.1: kendalltau(range(10), [3, 0, 1, 5, 2, 4, 9, 6, 8, 7], method='exact') is .6, p .016666; 10,000 draws have a standard error of .0013
    [Fact]
    public void P_value_of_more_is_near_the_exact_one()
    {
        double[] items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

        var kendall = RankAgreement.Of(items, [3, 0, 1, 5, 2, 4, 9, 6, 8, 7]).Kendall;

        Assert.Equal(0.6, kendall.Value, 1e-14);
        Assert.Equal(0.016666, kendall.PValue, 0.004);
        Assert.Equal(1 / 10_001.0, RankAgreement.Of(items, items).Kendall.PValue, 1e-14);
    }

    // NumPy 1.24.2, SciPy 1.10.1: percentile(v, [2.5, 97.5]) of kendalltau and spearmanr of 2,000 draws of seven items, (next() * 7) >> 64 of splitmix64 from state 0, but one of a single item
    [Fact]
    public void Interval_is_the_percentiles_over_items()
    {
        var agreement = RankAgreement.Of(Guessed, Seen);

        Assert.Equal(0.2672612419124244, agreement.Kendall.Interval95!.Low, 1e-8);
        Assert.Equal(1, agreement.Kendall.Interval95!.High, 1e-14);
        Assert.Equal(0.4, agreement.Spearman.Interval95!.Low, 1e-8);
        Assert.Equal(1, agreement.Spearman.Interval95!.High, 1e-14);
        Assert.Equal(agreement, RankAgreement.Of(Guessed, Seen));
        Assert.NotEqual(agreement, RankAgreement.Of(Guessed, Seen, seed: 1));
    }

    [Fact]
    public void Five_items_and_one_order_have_no_interval()
    {
        Assert.Null(RankAgreement.Of(Guessed[..5], Seen[..5]).Kendall.Interval95);
        Assert.NotNull(RankAgreement.Of(Guessed[..6], Seen[..6]).Kendall.Interval95);
        Assert.Null(RankAgreement.Of(Guessed, Guessed).Kendall.Interval95);
    }

    [Fact]
    public void Only_the_order_matters_and_its_opposite_is_minus_one()
    {
        var (kendall, spearman) = RankAgreement.Of(Guessed, [.. Guessed.Select(value => -Math.Exp(9 * value))]);

        Assert.Equal(-1, kendall.Value, 1e-14);
        Assert.Equal(-1, spearman.Value, 1e-14);
    }

    [Theory]
    [InlineData(new double[] { 1, 2 }, new double[] { 1, 2 }, "takes 3")]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 1, 2 }, "3 and 2")]
    [InlineData(new double[] { 1, double.NaN, 3 }, new double[] { 1, 2, 3 }, "number 1")]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 2, 2, 2 }, "second list of one number")]
    public void What_cannot_be_ranked_is_refused(double[] first, double[] second, string says) =>
        Assert.Contains(says, Assert.Throws<MedTransferException>(() => RankAgreement.Of(first, second)).Message);
}
