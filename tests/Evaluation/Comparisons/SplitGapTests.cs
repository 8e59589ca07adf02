using MedTransfer.Evaluation.Classification;
using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class SplitGapTests
{
    private const int Resamples = 1000;

    [Fact]
    public void Accuracy_has_the_normal_distributions_interval()
    {
        // .9 of 1,000 and .8 of 500 images right: -.1 -+ 1.96 sqrt(.09 / 1000 + .16 / 500)
        var gap = SplitGap.OfAccuracy(Right(900, 1000), Right(400, 500), Resamples, seed: 1)!;

        Assert.Equal((0.9, 0.8), (gap.Validation, gap.Test));
        Assert.Equal(-0.1, gap.Difference, 1e-12);
        Assert.Equal(-0.1397, gap.Interval95!.Low, 0.005);
        Assert.Equal(-0.0603, gap.Interval95.High, 0.005);
        Assert.Equal(SplitGapReading.ValidationPromisesMore, gap.Reading);
    }

    [Fact]
    public void Readings_follow_the_side_of_the_interval()
    {
        Assert.Equal(SplitGapReading.TestIsEasier, SplitGap.OfAccuracy(Right(400, 500), Right(900, 1000), Resamples, seed: 1)!.Reading);
        Assert.Equal(SplitGapReading.Undecided, SplitGap.OfAccuracy(Right(40, 50), Right(45, 50), Resamples, seed: 1)!.Reading);
        Assert.Equal(SplitGapReading.ValidationPromisesMore, new SplitGap(1, 0, new(-2, -0.001)).Reading);
        Assert.Equal(SplitGapReading.Undecided, new SplitGap(1, 0, new(-2, 0)).Reading);
        Assert.Equal(SplitGapReading.TestIsEasier, new SplitGap(1, 0, new(0.001, 2)).Reading);
        Assert.Equal(SplitGapReading.Untested, new SplitGap(1, 0, null).Reading);
    }

    [Fact]
    public void Specificity_varies_by_the_threshold_that_validation_draws()
    {
        // Half of the positives is wanted: the threshold is their median, whose standard deviation among 50 evenly spread ones is .5 / sqrt 50.
        // Specificity on evenly spread test images is the threshold; on validation it is .5 whatever the threshold is.
        var validation = Images([.. Even(50).Select(p => (p, true)), .. Enumerable.Range(0, 1000).Select(i => ((float)(i % 2), false))]);
        var test = Images([.. Even(1000).Select(p => (p, false)), (1, true)]);

        var gap = SplitGap.OfSpecificity(validation, test, 0.5, Resamples, seed: 1)!;

        Assert.Equal(0.5, gap.Validation, 0.02);
        Assert.Equal(0.5, gap.Test, 0.02);
        // 2 1.96 sqrt(.0707^2 + 2 .0158^2) = .29; with a threshold that stays it would be .09
        Assert.InRange(gap.Interval95!.High - gap.Interval95.Low, 0.24, 0.34);
        Assert.Equal(SplitGapReading.Undecided, gap.Reading);
    }

    [Fact]
    public void Specificity_on_both_splits_is_at_validations_threshold()
    {
        var gap = SplitGap.OfSpecificity(
            Images([(0.9f, true), (0.8f, true), (0.7f, true), (0.6f, true), (0.65f, false), (0.75f, false), (0.1f, false), (0.2f, false)]),
            Images([(0.3f, true), (0.72f, false), (0.69f, false)]),
            0.75,
            Resamples,
            seed: 1)!;

        Assert.Equal((0.75, 0.5), (gap.Validation, gap.Test));
    }

    [Fact]
    public void Auc_is_that_of_each_split()
    {
        var gap = SplitGap.OfRocAuc(
            Images([(0.9f, true), (0.1f, false), (0.5f, true), (0.6f, false)]), Images([(0.9f, false), (0.1f, true), (0.95f, true)]), Resamples, seed: 1)!;

        Assert.Equal((0.75, 0.5), (gap.Validation, gap.Test));
    }

    [Fact]
    public void Splits_that_lack_a_class_have_no_gap()
    {
        var (both, negatives) = (Images([(0.9f, true), (0.1f, false)]), Images([(0.9f, false), (0.1f, false)]));

        Assert.Null(SplitGap.OfSpecificity(negatives, both, 0.95, Resamples, seed: 1));
        Assert.Null(SplitGap.OfRocAuc(negatives, both, Resamples, seed: 1));
        Assert.Null(SplitGap.OfRocAuc(both, negatives, Resamples, seed: 1));
    }

    [Fact]
    public void Figure_that_is_the_same_in_every_resample_of_a_split_has_no_interval()
    {
        var gap = SplitGap.OfAccuracy(Right(4, 4), Right(50, 100), Resamples, seed: 1)!;

        Assert.Equal((1, 0.5, null, SplitGapReading.Untested), (gap.Validation, gap.Test, gap.Interval95, gap.Reading));
    }

    [Fact]
    public void Positive_class_is_the_one_given()
    {
        var (probabilities, labels) = (new float[,] { { 0.75f, 0.25f }, { 0.5f, 0.5f }, { 0.125f, 0.875f } }, new byte[,] { { 0 }, { 0 }, { 0 } });
        var (of0, of1) = (BinaryPredictions.Of(probabilities, labels, 0), BinaryPredictions.Of(probabilities, labels, 1));

        Assert.Equal([0.75f, 0.5f, 0.125f], of0.Probabilities);
        Assert.Equal([true, true, true], of0.Positive);
        Assert.Equal([0.25f, 0.5f, 0.875f], of1.Probabilities);
        Assert.Equal([false, false, false], of1.Positive);
        // of equally probable classes the first is the answer, whichever is positive
        Assert.Equal([true, true, false], of0.Right);
        Assert.Equal([true, true, false], of1.Right);
        Assert.Throws<ArgumentOutOfRangeException>(() => BinaryPredictions.Of(probabilities, labels, 2));
    }

    private static IEnumerable<float> Even(int count) => Enumerable.Range(0, count).Select(i => (i + 0.5f) / count);

    private static BinaryPredictions Images(IReadOnlyList<(float Probability, bool Positive)> images) => new(
        [.. images.Select(image => image.Probability)], [.. images.Select(image => image.Positive)], [.. images.Select(image => image.Probability > 0.5 == image.Positive)]);

    private static BinaryPredictions Right(int right, int images) =>
        Images([.. Enumerable.Range(0, images).Select(i => (i < right ? 0.9f : 0.1f, true))]);
}
