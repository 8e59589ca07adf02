using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Tests.Evaluation.Cases;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class RandomEffectsTests
{
    private static RandomEffects.Pair Pair(int seed) =>
        new(seed, seed, ReaderStudy.Score(Metric.RocAuc, 0, seed), ReaderStudy.Score(Metric.RocAuc, 1, seed));

    private static RandomEffects Difference(int seeds) => RandomEffects.OfDifference([.. Enumerable.Range(0, seeds).Select(Pair)])!;

    // MRMCaov 0.3.0 (R 4.2.2): summary(mrmc(empirical_auc(truth, rating), treatment, reader, case, cov = DeLong))$test_diffs
    [Fact]
    public void Difference_is_that_of_obuchowski_and_rockette()
    {
        var ten = Difference(10);
        Assert.Equal(-0.04265046296296304, ten.Mean, 1e-15);
        Assert.Equal(0.009617185316418387, ten.StandardError, 1e-15);
        Assert.True(ten.PatientVariance > 0);
        // with patients taken to be many, as there
        var asHillis = ten with { PatientDegrees = double.PositiveInfinity };
        Assert.Equal(18.08949909881655, asHillis.DegreesOfFreedom, 1e-9);
        Assert.Equal(-0.06284825646639750, asHillis.IntervalAt(0.95).Low, 1e-12);
        Assert.Equal(-0.02245266945952859, asHillis.IntervalAt(0.95).High, 1e-12);
        Assert.Equal(0.0003164055545012978, asHillis.PValue, 1e-13);
    }

    [Fact]
    public void Difference_whose_patients_add_nothing_is_students()
    {
        // the same call with five seeds, where Cov2 lies below Cov3
        var five = Difference(5);
        Assert.Equal(-0.05034722222222221, five.Mean, 1e-15);
        Assert.Equal(0.01284278994280799, five.StandardError, 1e-15);
        Assert.Equal((0, 4), (five.PatientVariance, five.DegreesOfFreedom));
        Assert.Equal(-0.08600452349601490, five.IntervalAt(0.95).Low, 1e-12);
        Assert.Equal(0.01724374008159613, five.PValue, 1e-12);
    }

    // $test_means of that call: Estimate, StdErr, df
    [Theory]
    [InlineData(0, 0.7230324074074074, 0.06545823273184280, 709.6481127380246)]
    [InlineData(1, 0.7733796296296296, 0.05753133990674399, 9419.7943288227143)]
    public void Score_of_one_way_is_theirs_too(int way, double mean, double error, double freedom)
    {
        var score = RandomEffects.OfScore([.. Enumerable.Range(0, 5).Select(seed => (seed, seed, ReaderStudy.Score(Metric.RocAuc, way, seed)))])!;
        Assert.Equal(mean, score.Mean, 1e-15);
        Assert.Equal(error, score.StandardError, 1e-15);
        Assert.Equal(1, (score with { PatientDegrees = double.PositiveInfinity }).DegreesOfFreedom / freedom, 1e-9);
    }

    [Fact]
    public void Degrees_of_freedom_of_patients_are_those_of_the_rarer_class()
    {
        Assert.Equal((9, 23), (Difference(10).SeedDegrees, Difference(10).PatientDegrees));
        // V_seeds = 3, V_patients = 1: 16 / (9 / 4 + 1 / 8)
        Assert.Equal(16 / 2.375, new RandomEffects(0, 5, 3, 1, 4, 8).DegreesOfFreedom, 1e-12);
    }

    [Fact]
    public void Seeds_that_change_nothing_leave_the_difference_of_two_models()
    {
        var (first, second) = (ReaderStudy.Score(Metric.RocAuc, 0, 0), ReaderStudy.Score(Metric.RocAuc, 1, 0));
        var same = RandomEffects.OfDifference([.. Enumerable.Range(0, 6).Select(seed => new RandomEffects.Pair(seed, seed, first, second))])!;
        Assert.Equal(ModelDifference.Of(first, second).StandardError!.Value, same.StandardError, 1e-12);
        Assert.Equal(0, same.SeedVariance);
    }

    [Fact]
    public void Equal_ways_and_single_seeds_have_no_error()
    {
        var first = ReaderStudy.Score(Metric.RocAuc, 0, 0);
        Assert.Null(RandomEffects.OfDifference([.. Enumerable.Range(0, 6).Select(seed => new RandomEffects.Pair(seed, seed, first, first))]));
        Assert.Null(RandomEffects.OfDifference([Pair(0)]));
    }

    [Fact]
    public void Intervals_are_cut_off_at_the_ends_of_the_range()
    {
        var wide = new RandomEffects(0.5, 5, 0.2, 0.1, 4, 20);
        Assert.Equal(1, wide.IntervalAt(0.95).High);
        Assert.InRange(wide.IntervalAt(0.9).Low, wide.IntervalAt(0.95).Low, 0.5);
    }
}
