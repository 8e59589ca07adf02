using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Verdicts;
using MedTransfer.Tests.Evaluation.Cases;

namespace MedTransfer.Tests.Evaluation.Verdicts;

public sealed class ComparisonVerdictTests
{
    // standard error .01 with infinitely many degrees: 95 % reach .0196, 90 % reach .016449
    private static RandomEffects Effects(double mean) => new(mean, 10, 0.00004, 0.00006, double.PositiveInfinity, double.PositiveInfinity);

    [Theory]
    [InlineData(0.03, 0.02, WayVerdict.Better)]
    [InlineData(0.03, 0.05, WayVerdict.BetterByLess)]
    [InlineData(-0.03, 0.02, WayVerdict.Worse)]
    [InlineData(-0.03, 0.05, WayVerdict.WorseByLess)]
    [InlineData(0.01, 0.02, WayVerdict.NoDifferenceShown)]
    [InlineData(0.003, 0.02, WayVerdict.Equivalent)]
    [InlineData(-0.003, 0.02, WayVerdict.Equivalent)]
    // the 90 % interval reaches .0199 and .0201
    [InlineData(0.0034, 0.02, WayVerdict.Equivalent)]
    [InlineData(0.0036, 0.02, WayVerdict.NoDifferenceShown)]
    // the 95 % interval begins at .0001 and -.0001
    [InlineData(0.0197, 0.02, WayVerdict.Better)]
    [InlineData(0.0195, 0.02, WayVerdict.NoDifferenceShown)]
    public void Verdict_follows_from_two_intervals_and_the_margin(double mean, double margin, WayVerdict verdict) =>
        Assert.Equal(verdict, ComparisonVerdict.Of(Effects(mean), margin));

    [Fact]
    public void Adjusted_for_several_ways_a_difference_may_not_be_shown()
    {
        var ten = Ten();
        Assert.Equal(WayVerdict.Worse, ComparisonVerdict.Of(ten, 0.02));
        Assert.Equal(WayVerdict.Worse, ComparisonVerdict.Of(ten, 0.02, adjustedP: 0.049));
        Assert.Equal(WayVerdict.NoDifferenceShown, ComparisonVerdict.Of(ten, 0.02, adjustedP: 0.05));
        Assert.Equal(WayVerdict.Equivalent, ComparisonVerdict.Of(ten, 0.2, adjustedP: 0.5));
    }

    [Fact]
    public void Few_seeds_and_equal_ways_have_no_verdict()
    {
        Assert.Equal(WayVerdict.TooFewSeeds, ComparisonVerdict.Of(Of(4), 0.02));
        Assert.Equal(WayVerdict.Untested, ComparisonVerdict.Of(Comparison.Between([.. Enumerable.Range(0, 6).Select(seed =>
            new ComparedTrainings(seed, seed, ReaderStudy.Score(Metric.RocAuc, 0, seed), ReaderStudy.Score(Metric.RocAuc, 0, seed)))]), 0.02));
        Assert.Equal(WayVerdict.Untested, ComparisonVerdict.Of((Comparison?)null, 0.02));
        Assert.Throws<ArgumentOutOfRangeException>(() => ComparisonVerdict.Of(Ten(), 0));
    }

    [Fact]
    public void Numbers_that_would_decide_are_the_fewest_that_do()
    {
        // V = .00004 (10 / J) + .00006 and a mean of .0175 on the normal scale: 1.96^2 V = .0175^2 at V = .00007972, J = 400 / 19.72 = 20.3;
        // with more patients .00004 + .00006 / x = .00007972, x = 1.511, 151 of 100
        var undecided = Ten() with { };
        var numbers = DecidingNumbers.Of(Effects(0.0175), 100, 0.001)!;
        Assert.Equal((21, 152), (numbers.Seeds, numbers.Patients));
        // no number of seeds shrinks what patients add: 1.96 sqrt(.00006) = .01518
        Assert.Null(DecidingNumbers.Of(Effects(0.015), 100, 0.001)!.Seeds);
        Assert.NotNull(DecidingNumbers.Of(Effects(0.015), 100, 0.001)!.Patients);
        // a difference of nothing is decided by equivalence: 1.645 sqrt(V) < .01, V = .00003695, below what either adds
        Assert.Equal((null, null), (DecidingNumbers.Of(Effects(0), 100, 0.01)!.Seeds, DecidingNumbers.Of(Effects(0), 100, 0.01)!.Patients));
        // more patients have more degrees: t(.975) of 9 reaches .0226, of 39 with a quarter of the variance .0101
        var few = new RandomEffects(0.015, 10, 0, 0.0001, 9, 9);
        Assert.InRange(DecidingNumbers.Of(few, 10, 0.001)!.Patients!.Value, 19, 21);
        // what is noise of patients in each training shrinks with them too: .00004 + .00006 / x alone would take 152
        Assert.InRange(DecidingNumbers.Of(Effects(0.0175) with { PatientNoise = 0.00004 }, 100, 0.001)!.Patients!.Value, 124, 128);
        Assert.Null(DecidingNumbers.Of(Effects(0.03), 100, 0.02));
        Assert.Null(DecidingNumbers.Of(undecided, 0.02));
    }

    private static Comparison Ten() => Of(10);

    private static Comparison Of(int seeds) => Comparison.Between([.. Enumerable.Range(0, seeds).Select(seed =>
        new ComparedTrainings(seed, seed, ReaderStudy.Score(Metric.RocAuc, 0, seed), ReaderStudy.Score(Metric.RocAuc, 1, seed)))])!;
}
