using FsCheck.Xunit;
using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Tests.Evaluation.Classification;

[Properties(Replay = "1982,29")]
public sealed class AveragePrecisionTests
{
    // Scikit-learn 1.2.1: average_precision_score([1,1,0,1,1,0,1,0,0,0], np.float32([.9,.8,.6,.6,.5,.4,.4,.3,.2,.1]))
    [Fact]
    public void Area_with_ties_is_scikit_learns() =>
        Assert.Equal(
            0.8528571428571429,
            AveragePrecision.Of(
                [.9f, .8f, .6f, .6f, .5f, .4f, .4f, .3f, .2f, .1f],
                [true, true, false, true, true, false, true, false, false, false])!.Value,
            1e-15);

    [Fact]
    public void Area_of_equal_scores_is_the_share_of_positives() =>
        Assert.Equal(0.75, AveragePrecision.Of([1, 1, 1, 1], [true, false, true, true]));

    [Theory]
    [InlineData]
    [InlineData(false, false)]
    public void Area_without_positives_is_missing(params bool[] positive) =>
        Assert.Null(AveragePrecision.Of(new float[positive.Length], positive));

    [Fact]
    public void Score_that_is_not_finite_is_refused()
    {
        var error = Assert.Throws<MedTransferException>(() => AveragePrecision.Of([0, float.NaN], [true, false]));

        Assert.Contains("average precision", error.Message, StringComparison.Ordinal);
    }

    [Property]
    public bool Area_is_the_mean_over_positives_of_the_precision_at_their_score(int[] images)
    {
        var scores = Array.ConvertAll(images, s => (float)(s % 7 / 2));
        var positive = Array.ConvertAll(images, s => s % 3 == 0);
        var precisions = scores.Where((_, i) => positive[i])
            .Select(score => scores.Where((other, j) => other >= score && positive[j]).Count() / (double)scores.Count(other => other >= score))
            .ToArray();

        return AveragePrecision.Of(scores, positive) is { } area
            ? Math.Abs(area - precisions.Average()) < 1e-14
            : precisions.Length == 0;
    }
}
