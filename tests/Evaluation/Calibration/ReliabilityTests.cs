using MedTransfer.Evaluation.Calibration;

namespace MedTransfer.Tests.Evaluation.Calibration;

public sealed class ReliabilityTests
{
    // Scikit-learn 1.2.1: calibration_curve(y, p, n_bins=10)
    [Fact]
    public void Bins_are_scikit_learns()
    {
        double[] observed = [0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75];
        double[] predicted =
        [
            0.05000000004656613, 0.14999999850988388, 0.2499999962747097, 0.3500000014901161, 0.45000000298023224,
            0.5499999970197678, 0.6500000059604645, 0.75, 0.8499999940395355, 0.9500000029802322,
        ];

        var bins = Reliability.Of(FortyImages.Probabilities, FortyImages.Positive).Bins;

        Assert.Equal(observed, bins.Select(bin => bin.ObservedShare!.Value));
        Assert.Equal(predicted, bins.Select(bin => bin.MeanPredicted!.Value), (x, y) => Math.Abs(x - y) < 1e-14);
        Assert.All(bins, bin => Assert.Equal(4, bin.Count));
    }

    // NumPy 1.24.2: b = np.searchsorted(np.linspace(0, 1, 11)[1:-1], p); P = p.astype(float)
    // sum(abs(y[b == k].sum() - P[b == k].sum()) for k in range(10)) / 40
    [Fact]
    public void Expected_calibration_error_weighs_bins_by_their_images() =>
        Assert.Equal(0.09500000036787241, Reliability.Of(FortyImages.Probabilities, FortyImages.Positive).ExpectedCalibrationError, 1e-14);

    [Fact]
    public void Probability_on_an_edge_belongs_to_the_bin_below()
    {
        var bins = Reliability.Of([0, .5f, 1], [false, false, true], bins: 2).Bins;

        Assert.Equal([2, 1], bins.Select(bin => bin.Count));
    }

    [Fact]
    public void Empty_bin_has_no_means()
    {
        var empty = Reliability.Of([.9f], [true], bins: 2).Bins[0];

        Assert.Equal(new ReliabilityBin(0, 0.5, 0, null, null), empty);
    }

    [Fact]
    public void Answers_are_binned_by_their_own_probability()
    {
        // Answers .8 (right), .6 (wrong), .6 (right): two of three are right, and their mean probability says so.
        float[,] p = { { .8f, .1f, .1f }, { .2f, .6f, .2f }, { .2f, .2f, .6f } };

        var reliability = Reliability.OfAnswers(p, new byte[,] { { 0 }, { 0 }, { 2 } }, bins: 2);

        Assert.Equal(2 / 3.0, reliability.Bins[1].ObservedShare);
        Assert.Equal(0, reliability.ExpectedCalibrationError, 1e-7);
    }

    [Fact]
    public void Logits_are_refused() => Assert.Throws<ArgumentException>(() => Reliability.Of([2.5f], [true]));

    [Fact]
    public void No_images_are_refused() => Assert.Throws<MedTransferException>(() => Reliability.Of([], []));
}
