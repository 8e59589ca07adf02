using MedTransfer.Evaluation.Classification;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Tests.Evaluation.Intervals;

public sealed class BootstrapIntervalTests
{
    [Fact]
    public void Interval_of_a_mean_is_nearly_that_of_the_normal_distribution()
    {
        // 400 of 1,000 images right: .4 -+ 1.96 sqrt(.4 .6 / 1000) = .36964 to .43036.
        var interval = BootstrapInterval.Of(1000, 4000, seed: 1, drawn => drawn.Average(i => i < 400 ? 1.0 : 0))!;

        Assert.Equal(0.36964, interval.Low, 0.003);
        Assert.Equal(0.43036, interval.High, 0.003);
    }

    [Fact]
    public void Same_seed_gives_the_same_interval_and_another_another()
    {
        Interval? Of(long seed) => BootstrapInterval.Of(50, 200, seed, drawn => drawn.Average(i => i * i));

        Assert.Equal(Of(3), Of(3));
        Assert.NotEqual(Of(3), Of(4));
    }

    // Pins the draws: SplitMix64's first numbers from seed 0 are E220A8397B1DCDAF, 6E789E6AA1B965F4, 06C45D188009454F, F88BB8A8724C81EC
    // (the generator's published test), and times 16 their high words are their first digits.
    [Fact]
    public void Draws_are_the_high_words_of_the_stream()
    {
        int[]? first = null;
        BootstrapInterval.Of(16, 40, seed: 0, drawn => (first ??= drawn)[0]);

        Assert.Equal([0xE, 0x6, 0x0, 0xF], first![..4]);
    }

    // NumPy 1.24.2: np.percentile(np.arange(40), [2.5, 97.5])
    [Fact]
    public void Ends_are_interpolated_as_numpys()
    {
        var next = 0;

        var interval = BootstrapInterval.Of(1, 40, seed: 0, _ => next++)!;

        Assert.Equal(0.975, interval.Low, 1e-14);
        Assert.Equal(38.025, interval.High, 1e-14);
    }

    [Fact]
    public void Difference_of_two_splits_varies_by_both()
    {
        // Shares of .9 in 1,000 and .8 in 500 images: .1 -+ 1.96 sqrt(.09 / 1000 + .16 / 500) = .0603 to .1397.
        var interval = BootstrapInterval.OfSplits(
            1000, 500, 4000, seed: 1, (first, second) => first.Average(i => i < 900 ? 1.0 : 0) - second.Average(i => i < 400 ? 1.0 : 0))!;

        Assert.Equal(0.0603, interval.Low, 0.004);
        Assert.Equal(0.1397, interval.High, 0.004);
    }

    [Fact]
    public void Figure_that_is_often_undefined_has_no_interval()
    {
        // Of two positives among a hundred images, a resample has none with probability .98^100 = .13.
        bool[] positive = [true, true, .. new bool[98]];
        var scores = Enumerable.Range(0, 100).Select(i => (float)i).ToArray();

        Assert.Null(BootstrapInterval.Of(
            100, 400, seed: 1, drawn => RocAuc.Of(Array.ConvertAll(drawn, i => scores[i]), Array.ConvertAll(drawn, i => positive[i]))));
    }

    [Fact]
    public void Figure_that_is_rarely_undefined_has_one()
    {
        var calls = 0;

        Assert.Equal(new Interval(1, 1), BootstrapInterval.Of(2, 40, seed: 1, _ => ++calls <= 2 ? null : 1));
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void Undefined_resamples_beyond_one_in_twenty_leave_no_interval(int undefined, bool hasInterval)
    {
        var calls = 0;

        Assert.Equal(hasInterval, BootstrapInterval.Of(2, 1000, seed: 1, _ => ++calls <= undefined ? null : calls) is not null);
    }

    [Fact]
    public void Too_few_resamples_are_refused() =>
        Assert.Throws<MedTransferException>(() => BootstrapInterval.Of(10, 39, seed: 0, _ => 0));

    [Fact]
    public void No_images_are_refused() =>
        Assert.Throws<MedTransferException>(() => BootstrapInterval.Of(0, 100, seed: 0, _ => 0));
}
