using FsCheck.Xunit;
using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Tests.Evaluation.Classification;

[Properties(Replay = "1982,29")]
public sealed class OperatingPointTests
{
    // Scikit-learn 1.2.1: fpr, tpr, t = roc_curve(y, p, drop_intermediate=False); k = np.argmax(tpr >= .9); t[k], tpr[k], 1 - fpr[k]
    [Fact]
    public void Threshold_is_the_one_of_scikit_learns_curve()
    {
        var point = OperatingPoint.AtSensitivity(FortyImages.Probabilities, FortyImages.Positive, 0.9);

        Assert.Equal(0.1875f, point.Threshold);
        Assert.Equal(0.9473684210526315, point.Counts.Sensitivity!.Value, 1e-15);
        Assert.Equal(0.2857142857142857, point.Counts.Specificity!.Value, 1e-15);
    }

    [Fact]
    public void Sensitivity_that_is_met_exactly_is_not_exceeded() =>
        Assert.Equal(0.5f, OperatingPoint.AtSensitivity([.1f, .3f, .5f, .7f], [true, true, true, true], 0.5).Threshold);

    [Fact]
    public void Image_at_the_threshold_of_another_split_is_called()
    {
        var point = OperatingPoint.AtSensitivity([.2f, .6f], [false, true], 1);

        Assert.Equal(new BinaryCounts(1, 1, 1, 1), point.Apply([.6f, .7f, .59f, .1f], [true, false, true, false]));
    }

    [Fact]
    public void Specificity_without_negatives_is_missing() =>
        Assert.Null(OperatingPoint.AtSensitivity([.2f], [true], 0.9).Counts.Specificity);

    [Property]
    public bool Next_higher_threshold_misses_the_wanted_sensitivity(int[] images)
    {
        float[] p = [0.5f, .. images.Select(s => Math.Abs(s % 9) / 8f)];
        bool[] positive = [true, .. images.Select(s => s % 2 == 0)];
        var point = OperatingPoint.AtSensitivity(p, positive, 0.8);

        var higher = p.Where(other => other > point.Threshold).Order().Take(1).ToArray();
        return point.Counts.Sensitivity >= 0.8
            && (higher.Length == 0 || (point with { Threshold = higher[0] }).Apply(p, positive).Sensitivity < 0.8);
    }

    [Fact]
    public void Split_without_positives_is_refused()
    {
        var error = Assert.Throws<MedTransferException>(() => OperatingPoint.AtSensitivity([.2f], [false], 0.9));

        Assert.Contains("there are none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Probability_that_is_missing_is_refused() =>
        Assert.Throws<MedTransferException>(() => OperatingPoint.AtSensitivity([.2f, float.NaN], [false, true], 0.9));

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Sensitivity_out_of_range_is_refused(double wanted) =>
        Assert.Throws<MedTransferException>(() => OperatingPoint.AtSensitivity([.2f], [true], wanted));
}
