using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Verdicts;
using MedTransfer.Tests.Evaluation.Simulation;

namespace MedTransfer.Tests.Evaluation;

/// <summary>
/// Whether intervals and verdicts keep what they promise where the truth is known: a short version of what tests/bench measures with 2,000 studies.
/// Of 400 intervals that hold the truth 95 times of 100, fewer than 368 or more than 391 do once in some 200 times.
/// </summary>
public sealed class ValidityTests
{
    private const int Studies = 400;

    private static readonly WayVerdict[] Told = [WayVerdict.Better, WayVerdict.BetterByLess, WayVerdict.Worse, WayVerdict.WorseByLess];

    private static void HoldsTheTruth(Coverage coverage)
    {
        Assert.Equal(Studies, coverage.Made);
        Assert.InRange(coverage.Holds, 368, 391);
    }

    [Theory]
    [InlineData(Metric.RocAuc, 5, 1, 0)]
    [InlineData(Metric.RocAuc, 5, 3, 0)]
    [InlineData(Metric.RocAuc, 10, 1, 0.3)]
    [InlineData(Metric.Accuracy, 5, 1, 0)]
    public void Difference_of_seeds_and_patients_holds_the_truth(string metric, int seeds, int imagesPerPatient, double lead)
    {
        var coverage = Coverage.Of(new(seeds, 180, imagesPerPatient, lead), Studies, Methods.RandomEffectsDifference(metric));
        HoldsTheTruth(coverage);
        Assert.InRange(coverage.Rejected, Studies - 391, Studies - 368);
    }

    [Theory]
    [InlineData(Metric.RocAuc)]
    [InlineData(Metric.Accuracy)]
    public void Score_of_seeds_and_patients_holds_the_truth(string metric) =>
        HoldsTheTruth(Coverage.Of(new(5, 180, 1, 0), Studies, Methods.RandomEffectsScore(metric)));

    [Fact]
    public void Two_seeds_would_not_and_have_no_interval()
    {
        Assert.InRange(Coverage.Of(new(2, 624, 1, 0), Studies, Methods.RandomEffectsDifference(Metric.RocAuc)).Share, 0.8, 0.92);
        Assert.Null(Comparison.Between(new SimulatedStudy(new(2, 180, 1, 0), 1).Compared(Metric.RocAuc))!.Interval95);
    }

    [Fact]
    public void A_way_against_itself_is_seldom_better_or_worse()
    {
        // an exact 5 % of 200 exceeds 16 once in 40 times
        var verdicts = Verdicts(new(5, 180, 1, 0));
        Assert.InRange(verdicts.Count(Told.Contains), 1, 16);
    }

    [Fact]
    public void A_clear_gain_is_found_and_seldom_a_loss()
    {
        var verdicts = Verdicts(new(10, 360, 1, 0.5));
        Assert.InRange(verdicts.Count(verdict => verdict is WayVerdict.Better or WayVerdict.BetterByLess), 160, 200);
        Assert.DoesNotContain(WayVerdict.Worse, verdicts);
    }

    [Fact]
    public void Difference_and_score_of_one_model_hold_the_truth()
    {
        var design = new StudyDesign(1, 180, 1, 0);
        HoldsTheTruth(Coverage.Of(design, Studies, Methods.Models(Metric.RocAuc)));
        HoldsTheTruth(Coverage.Of(design, Studies, Methods.Model(Metric.RocAuc)));
        HoldsTheTruth(Coverage.Of(design, Studies, Methods.Wilson));
        // "at least 95 %"
        Assert.InRange(Coverage.Of(design, Studies, Methods.ClopperPearson).Holds, 375, Studies);
        HoldsTheTruth(Coverage.Of(design with { ImagesPerPatient = 3 }, Studies, Methods.Models(Metric.RocAuc)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Mcnemar_rejects_equal_models_seldom(int imagesPerPatient) =>
        Assert.InRange(Coverage.Of(new(1, 360, imagesPerPatient, 0), Studies, Methods.McNemarTest).Rejected, 5, 32);

    [Fact]
    public void Corrected_resampled_t_holds_the_truth_where_an_uncorrected_one_would_not()
    {
        const int Few = 200;
        Assert.InRange(Coverage.Of(Few, seed => new FoldStudy(150, seed).Resampled(5)).Rejected, 0, 16);
        // as if folds were independent, twice the level and more
        Assert.InRange(Coverage.Of(Few, seed => new FoldStudy(150, seed).Resampled(5, testShare: 1e-9)).Rejected, 2 * Few / 20, Few);
    }

    [Fact]
    public void Folds_hold_the_truth_where_labels_mean_nothing() =>
        // 84 % if patients counted as those that are tested alone
        HoldsTheTruth(Coverage.Of(Studies, seed => new FoldStudy(150, seed, shift: 0).FoldAveraged(5)));

    private static WayVerdict[] Verdicts(StudyDesign design) => [.. Enumerable.Range(0, 200).Select(seed =>
        ComparisonVerdict.Of(Comparison.Between(new SimulatedStudy(design, 5000 + (ulong)seed).Compared(Metric.RocAuc)), 0.02))];
}
