using MedTransfer.Data.Checks;
using MedTransfer.Data.Images;

namespace MedTransfer.Tests.Data.Checks;

public sealed class ImageStatisticsTests
{
    private const int Size = 16;

    [Fact]
    public void Brightness_contrast_and_border_are_means_over_pixels()
    {
        // 10 on the outermost pixels, 60 of 256, and 50 inside
        var look = At((row, column) => row is 0 or 15 || column is 0 or 15 ? 10 : 50);

        Assert.Equal((10, 50), (look.Low, look.High));
        Assert.Equal((60 * 10 + 196 * 50) / 256.0, look.Brightness, 1e-4);
        Assert.Equal(40 * Math.Sqrt(60.0 / 256 * 196 / 256), look.Contrast, 1e-4);
        Assert.Equal(10, look.BorderBrightness, 1e-4);
        Assert.True(look.HasTwoLevels);
        Assert.False(look.IsBlank);
    }

    [Fact]
    public void Bars_that_fill_an_image_up_are_its_even_border()
    {
        Assert.Equal(6 / 16.0, At((row, column) => row is < 4 or > 13 ? 0 : 1 + column).Padding, 1e-6);
        Assert.Equal(3 / 16.0, At((row, column) => column > 12 ? 255 : 1 + row).Padding, 1e-6);
        // a gradient has no bars: its first row is one by itself, its last one too
        Assert.Equal(2 / 16.0, At((row, _) => row).Padding, 1e-6);
    }

    [Fact]
    public void Image_is_of_one_colour_where_each_channel_is_even()
    {
        byte[] colour = [.. Enumerable.Repeat((byte)3, Size * Size), .. Enumerable.Repeat((byte)90, Size * Size), .. Enumerable.Repeat((byte)7, Size * Size)];
        Assert.True(Of(colour).IsBlank);

        colour[^1] = 8;
        Assert.False(Of(colour).IsBlank);
        Assert.False(At((row, _) => row).IsBlank);
        // two even halves leave nothing inside their borders, and are two colours all the same
        Assert.False(At((row, _) => row < 8 ? 10 : 200).IsBlank);
    }

    private static ImageStatistics At(Func<int, int, int> level) => Of([.. Enumerable.Range(0, Size * Size).Select(pixel => (byte)level(pixel / Size, pixel % Size))]);

    private static ImageStatistics Of(byte[] planes) => ImageStatistics.Of(planes, planes.Length / (Size * Size), Size, AxisResampling.Of(Size, Thumbnail.Side));
}
