using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Verdicts;

namespace MedTransfer.Tests.Evaluation.Verdicts;

public sealed class DifferenceVerdictTests
{
    private static Verdict Of(params double[] differences) => DifferenceVerdict.Of(PairedDifference.Of(differences, differences.Select(_ => 0.0)));

    // R: t.test(c(.02, .05, -.01, .03, .01))$conf.int = -.0078, .0478; of c(.02, .022, .018, .019, .021) = .0180, .0220
    [Fact]
    public void Positive_mean_with_an_interval_over_0_is_undecided()
    {
        Assert.Equal(Verdict.Undecided, Of(0.02, 0.05, -0.01, 0.03, 0.01));
        Assert.Equal(Verdict.Undecided, Of(-0.02, -0.05, 0.01, -0.03, -0.01));
    }

    [Fact]
    public void Interval_on_one_side_of_0_decides()
    {
        Assert.Equal(Verdict.Above, Of(0.02, 0.022, 0.018, 0.019, 0.021));
        Assert.Equal(Verdict.Below, Of(-0.02, -0.022, -0.018, -0.019, -0.021));
    }

    [Fact]
    public void Fewer_than_five_seeds_equal_differences_or_none_are_untested()
    {
        Assert.Equal(Verdict.Untested, Of(0.02, 0.022, 0.018, 0.019));
        Assert.Equal(Verdict.Untested, Of(0.5, 0.5, 0.5, 0.5, 0.5));
        Assert.Equal(Verdict.Untested, DifferenceVerdict.Of(null));
    }

    [Fact]
    public void An_end_on_0_decides_nothing()
    {
        var difference = PairedDifference.Of([1, 2, 1, 2, 1], [0, 0, 0, 0, 0]);
        Assert.Equal(Verdict.Undecided, DifferenceVerdict.Of(difference with { Interval95 = new(0, 2) }));
        Assert.Equal(Verdict.Undecided, DifferenceVerdict.Of(difference with { Interval95 = new(-2, 0) }));
    }
}
