using FsCheck.Xunit;
using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Tests.Evaluation.Classification;

[Properties(Replay = "1982,29")]
public sealed class RocAucTests
{
    // Scikit-learn 1.2.1: roc_auc_score([1,1,0,1,1,0,1,0,0,0], np.float32([.9,.8,.6,.6,.5,.4,.4,.3,.2,.1]))
    [Fact]
    public void Area_with_ties_is_scikit_learns() =>
        Assert.Equal(
            0.88,
            RocAuc.Of(
                [.9f, .8f, .6f, .6f, .5f, .4f, .4f, .3f, .2f, .1f],
                [true, true, false, true, true, false, true, false, false, false])!.Value,
            1e-15);

    [Fact]
    public void Area_of_equal_scores_is_one_half() => Assert.Equal(0.5, RocAuc.Of([1, 1, 1], [true, false, true]));

    [Theory]
    [InlineData]
    [InlineData(true)]
    [InlineData(false, false)]
    public void Area_without_both_kinds_is_missing(params bool[] positive) =>
        Assert.Null(RocAuc.Of(new float[positive.Length], positive));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Score_that_is_not_finite_is_refused(float score) =>
        Assert.Throws<MedTransferException>(() => RocAuc.Of([0, score], [true, false]));

    [Fact]
    public void Area_of_many_images_does_not_overflow()
    {
        // Positives and negatives alternate upwards: of the pairs (n + 1) / (2 n) are in order, with n of each kind.
        const int n = 200_000;
        var scores = Enumerable.Range(0, 2 * n).Select(i => (float)i).ToArray();
        var positive = Enumerable.Range(0, 2 * n).Select(i => i % 2 == 1).ToArray();

        Assert.Equal((n + 1.0) / (2 * n), RocAuc.Of(scores, positive));
    }

    [Property]
    public bool Area_is_the_share_of_ordered_pairs_ties_counted_half(int[] images)
    {
        var (scores, positive) = Images(images);
        double ordered = 0, pairs = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; j < scores.Length; j++)
            {
                if (!positive[i] || positive[j])
                    continue;
                pairs++;
                ordered += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }

        return RocAuc.Of(scores, positive) == (pairs == 0 ? null : ordered / pairs);
    }

    [Property]
    public bool Area_does_not_change_under_a_rising_function(int[] images)
    {
        var (scores, positive) = Images(images);
        return RocAuc.Of(scores, positive) == RocAuc.Of(Array.ConvertAll(scores, s => MathF.Exp(s) - 7), positive);
    }

    [Property]
    public bool Area_of_flipped_scores_is_the_rest_of_one(int[] images)
    {
        var (scores, positive) = Images(images);
        var flipped = RocAuc.Of(Array.ConvertAll(scores, s => -s), positive);
        return RocAuc.Of(scores, positive) is { } area ? Math.Abs(area + flipped!.Value - 1) < 1e-15 : flipped is null;
    }

    /// <summary>Scores of only seven values, so that ties abound, and labels.</summary>
    private static (float[] Scores, bool[] Positive) Images(int[] seeds) =>
        (Array.ConvertAll(seeds, s => (float)(s % 7 / 2)), Array.ConvertAll(seeds, s => s % 3 == 0));
}
