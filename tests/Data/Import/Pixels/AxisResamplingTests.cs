using MedTransfer.Data.Images;

namespace MedTransfer.Tests.Data.Import.Pixels;

public sealed class AxisResamplingTests
{
    [Theory]
    [InlineData("0 90 180", "30 150")]                 // (2 x 0 + 90) / 3, (90 + 2 x 180) / 3
    [InlineData("1 2 3 4", "1.5 3.5")]
    [InlineData("10 20 30 40 50", "18 42")]            // (10 + 20 + 30 / 2) / 2.5
    [InlineData("8 16 24 32", "10 20 30")]             // (3 x 8 + 16) / 4, (16 + 24) / 2, (24 + 3 x 32) / 4
    public void Down_is_by_the_share_of_each_pixel_that_is_covered(string row, string expected) =>
        Assert.Equal(Numbers(expected), Apply(row, Numbers(expected).Length));

    // torch.nn.functional.interpolate(x, size, mode="bilinear", align_corners=False): source place (i + 1/2) x scale - 1/2, not below 0
    [Theory]
    [InlineData("0 100", "0 25 75 100")]
    [InlineData("0 80", "0 0 10 30 50 70 80 80")]
    [InlineData("0 60 30", "0 37.5 48.75 30")]         // places -1/8, 5/8, 11/8, 17/8: 60 x 5/8, 60 x 5/8 + 30 x 3/8
    [InlineData("7", "7 7 7")]
    public void Up_is_bilinear_between_centres(string row, string expected) => Assert.Equal(Numbers(expected), Apply(row, Numbers(expected).Length));

    [Fact]
    public void The_same_size_changes_nothing() => Assert.Equal(Numbers("3 1 4 1 5"), Apply("3 1 4 1 5", 5));

    [Theory]
    [InlineData(1024, 224)]
    [InlineData(225, 224)]
    [InlineData(1000, 7)]
    [InlineData(53, 1)]
    public void Averages_keep_the_mean_exactly(int source, int target)
    {
        var random = new Random(source);
        float[] row = [.. Enumerable.Range(0, source).Select(_ => (float)random.Next(256))];
        var axis = AxisResampling.Of(source, target);
        var sums = new float[target];

        axis.Apply(row, sums);

        Assert.Equal(source, axis.Denominator);
        Assert.Equal(target * row.Sum(value => (double)value), sums.Sum(value => (double)value));
    }

    [Theory]
    [InlineData(1024, 224)]
    [InlineData(224, 1024)]
    [InlineData(3, 1000)]
    public void Weights_of_each_pixel_add_up_and_lie_within_the_row(int source, int target)
    {
        var axis = AxisResampling.Of(source, target);

        Assert.All(Enumerable.Range(0, target), i =>
        {
            var (start, end) = (axis.WeightStart[i], axis.WeightStart[i + 1]);
            Assert.Equal(axis.Denominator, axis.Weights[start..end].Sum());
            Assert.InRange(axis.First[i], 0, source - (end - start));
        });
    }

    private static float[] Numbers(string text) => [.. text.Split(' ').Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    private static float[] Apply(string row, int target)
    {
        var axis = AxisResampling.Of(Numbers(row).Length, target);
        var sums = new float[target];
        axis.Apply(Numbers(row), sums);
        return [.. sums.Select(sum => sum / axis.Denominator)];
    }
}
