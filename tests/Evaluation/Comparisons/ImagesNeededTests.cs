using MedTransfer.Evaluation.Comparisons;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class ImagesNeededTests
{
    private static readonly (int Images, double Score)[] Curve = [(50, 0.6), (100, 0.7), (1000, 0.9), (4000, 0.85)];

    [Theory]
    [InlineData(0.5, ImagesBound.AtMost, 50)]
    [InlineData(0.6, ImagesBound.AtMost, 50)]
    [InlineData(0.65, ImagesBound.About, 71)] // 50 sqrt 2
    [InlineData(0.7, ImagesBound.About, 100)]
    [InlineData(0.8, ImagesBound.About, 316)] // 100 sqrt 10; straight over the number itself it would be 550
    [InlineData(0.75, ImagesBound.About, 178)] // 100 10^(1/4)
    [InlineData(0.9, ImagesBound.About, 1000)]
    [InlineData(0.91, ImagesBound.MoreThan, 4000)]
    public void Images_are_read_off_on_a_log_axis(double value, ImagesBound bound, int images) =>
        Assert.Equal(new(bound, images), ImagesNeeded.For(value, Curve));

    [Fact]
    public void Curve_without_points_says_nothing() => Assert.Null(ImagesNeeded.For(0.5, []));
}
