using MedTransfer.Data;
using MedTransfer.Data.Resampling;

namespace MedTransfer.Tests.Data.Resampling;

public class SplitDealTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_class_has_its_share_in_each_split(long seed)
    {
        int[] classes = [.. Enumerable.Repeat(0, 60), .. Enumerable.Repeat(1, 30), .. Enumerable.Repeat(2, 10)];

        var splits = SplitDeal.Deal(Units.Of(classes, null), [0.7, 0.1, 0.2], seed);

        Assert.Equal(
            [42, 6, 12, 21, 3, 6, 7, 1, 2],
            Enumerable.Range(0, 9).Select(cell => Enumerable.Range(0, 100).Count(image => classes[image] == cell / 3 && splits[image] == (SplitName)(cell % 3))));
        Assert.NotEqual(splits, SplitDeal.Deal(Units.Of(classes, null), [0.7, 0.1, 0.2], seed + 10));
        Assert.Equal(splits, SplitDeal.Deal(Units.Of(classes, null), [0.7, 0.1, 0.2], seed));
    }

    [Fact]
    public void Units_lie_on_one_side_and_a_share_of_none_gets_none()
    {
        int[] classes = [.. Enumerable.Range(0, 40).Select(image => image / 4 % 2)];
        long[] patients = [.. Enumerable.Range(0, 40).Select(image => (long)(image / 4))];
        var units = Units.Of(classes, patients);

        var splits = SplitDeal.Deal(units, [0.8, 0, 0.2], 3);

        Assert.Equal((10, 8, 0, 2), (splits.Length, splits.Count(split => split == SplitName.Train), splits.Count(split => split == SplitName.Validation), splits.Count(split => split == SplitName.Test)));
        Assert.Equal([0, 1], Enumerable.Range(0, 10).Where(unit => splits[unit] == SplitName.Test).Select(unit => units[unit].Stratum).Order());
    }
}
