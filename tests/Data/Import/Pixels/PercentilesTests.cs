using FsCheck.Xunit;
using MedTransfer.Data.Import.Pixels;

namespace MedTransfer.Tests.Data.Import.Pixels;

public sealed class PercentilesTests
{
    // NumPy 1.24: np.percentile(np.arange(1, 11), [.5, 99.5]) is 1.045, 9.955
    [Fact]
    public void Percentiles_lie_between_neighbours_as_NumPy_has_them()
    {
        var found = Percentiles.Of([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], null, 0.5, 99.5)!.Value;

        Assert.Equal(1.045, found.Low, 12);
        Assert.Equal(9.955, found.High, 12);
        Assert.Equal((1, 10), (found.Least, found.Greatest));
    }

    [Fact]
    public void Padding_and_what_is_no_number_are_left_out()
    {
        Assert.Equal((-1, 5, -1, 5), Percentiles.Of([-2000, 5, float.NaN, -1, -2000, float.PositiveInfinity], -2000, 0, 100));
        Assert.Null(Percentiles.Of([7, 7, float.NaN], 7, 0, 100));
        Assert.Equal((7, 7, 7, 7), Percentiles.Of([7], null, 0.5, 99.5));
    }

    [Property(MaxTest = 200)]
    public void Any_values_give_what_sorting_them_gives(float[] values, byte low)
    {
        float[] finite = [.. values.Where(float.IsFinite).Order()];
        var found = Percentiles.Of(values, null, low / 3.0, 100);
        if (finite.Length == 0)
        {
            Assert.Null(found);
            return;
        }
        var rank = low / 3.0 / 100 * (finite.Length - 1);
        double below = finite[(int)rank], above = finite[Math.Min((int)rank + 1, finite.Length - 1)];
        Assert.Equal(below + (above - below) * (rank - Math.Floor(rank)), found!.Value.Low);
        Assert.Equal((finite[^1], finite[0], finite[^1]), (found.Value.High, found.Value.Least, found.Value.Greatest));
    }
}
