using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Tests.Evaluation.Intervals;

public sealed class SummaryTests
{
    [Fact]
    public void Summary_has_the_deviation_of_a_sample()
    {
        var summary = Summary.Of([2, 4, 4, 4, 5, 5, 7, 9]);

        // By hand: mean 40 / 8, squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32 over 7.
        Assert.Equal(8, summary.Count);
        Assert.Equal(5, summary.Mean);
        Assert.Equal(Math.Sqrt(32.0 / 7), summary.StandardDeviation!.Value, 1e-15);
        Assert.Equal(Math.Sqrt(32.0 / 7 / 8), summary.StandardError!.Value, 1e-15);
    }

    [Fact]
    public void Summary_of_one_has_no_deviation() => Assert.Equal(new(1, 0.5, null), Summary.Of([0.5]));

    [Fact]
    public void Summary_of_equal_values_has_a_deviation_of_exactly_zero() =>
        // 0.1 + 0.1 + 0.1 is not 3 x 0.1 in doubles: a plain sum would miss.
        Assert.Equal(new(3, 0.1, 0), Summary.Of([0.1, 0.1, 0.1]));

    [Fact]
    public void Summary_keeps_its_digits_far_from_zero() =>
        Assert.Equal(1, Summary.Of([1e9 - 1, 1e9, 1e9 + 1]).StandardDeviation);

    [Fact]
    public void Summary_of_nothing_is_refused() => Assert.Throws<ArgumentException>(() => Summary.Of([]));

    [Fact]
    public void Summary_of_a_missing_value_is_refused() => Assert.Throws<ArgumentException>(() => Summary.Of([0.5, double.NaN]));

    [Fact]
    public void Summary_of_defined_values_counts_the_undefined()
    {
        var summary = Summary.OfDefined([0.5, null, 0.75, null])!;

        Assert.Equal((2, 4), (summary.Count, summary.Total));
        Assert.Equal(0.625, summary.Mean);
        Assert.Equal(Math.Sqrt(2 * 0.125 * 0.125), summary.StandardDeviation!.Value, 1e-15);
        Assert.Equal(0.125, summary.StandardError!.Value, 1e-15);
    }

    [Fact]
    public void Summary_of_values_that_are_all_defined_is_the_plain_one() => Assert.Equal(Summary.Of([1, 2]), Summary.OfDefined([1, 2]));

    [Fact]
    public void Summary_where_nothing_is_defined_is_none()
    {
        Assert.Null(Summary.OfDefined([null, null]));
        Assert.Null(Summary.OfDefined([]));
    }

    [Fact]
    public void Summary_of_a_defined_value_that_is_no_number_is_refused() =>
        Assert.Throws<ArgumentException>(() => Summary.OfDefined([0.5, double.NaN, null]));
}
