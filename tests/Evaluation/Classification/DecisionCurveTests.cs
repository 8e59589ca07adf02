using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Tests.Evaluation.Classification;

public sealed class DecisionCurveTests
{
    // NumPy 1.24.2: c = p >= t; (c & y).mean() - (c & ~y).mean() * t / (1 - t), and y.mean() - (1 - y.mean()) * t / (1 - t)
    [Theory]
    [InlineData(0.1, 0.4, 0.41666666666666663)]
    [InlineData(0.3, 0.27142857142857146, 0.24999999999999997)]
    [InlineData(0.5, 0.15000000000000002, -0.050000000000000044)]
    [InlineData(0.7, 0.050000000000000044, -0.7499999999999999)]
    public void Net_benefit_is_that_of_the_formula(double threshold, double model, double all)
    {
        var point = Assert.Single(DecisionCurve.Of(FortyImages.Probabilities, FortyImages.Positive, [threshold]));

        Assert.Equal(model, point.Model, 1e-14);
        Assert.Equal(all, point.TreatAll, 1e-14);
    }

    [Fact]
    public void Usual_thresholds_are_the_whole_percents()
    {
        var curve = DecisionCurve.Of(FortyImages.Probabilities, FortyImages.Positive);

        Assert.Equal(Enumerable.Range(1, 99).Select(percent => percent / 100.0), curve.Select(point => point.Threshold));
    }

    [Fact]
    public void Image_at_the_threshold_is_treated() =>
        Assert.Equal(1, DecisionCurve.Of([.7f], [true], [0.7])[0].Model);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Threshold_at_an_end_is_refused(double threshold) =>
        Assert.Throws<MedTransferException>(() => DecisionCurve.Of([.7f], [true], [threshold]));
}
