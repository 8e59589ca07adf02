using MedTransfer.Data.Import.Pixels;

namespace MedTransfer.Tests.Data.Import.Pixels;

public sealed class PixelOptionsTests
{
    [Fact]
    public void What_is_done_is_said_in_one_clause()
    {
        Assert.Equal(
            "224 x 224 pixels, kept in proportion and padded with black, by area averaging down and bilinear interpolation up; "
            + "values of more than 8 bits from percentile 0.5 to 99.5 of each image, unless the file says its range",
            new PixelOptions().Describe());
        Assert.Equal(
            "64 x 64 pixels, cropped to the central square, by area averaging down and bilinear interpolation up; values windowed to -600/1500 (centre/width); inverted",
            new PixelOptions { ImageSize = 64, Fit = Fit.Crop, Window = new Window(-600, 1500), Invert = Invert.All }.Describe());
        Assert.Contains("stretched to a square", new PixelOptions { Fit = Fit.Squash }.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_their_range_are_named()
    {
        Refused(new() { ImageSize = 7 }, "The image size is 7, but must be 8 to 1024 pixels.");
        Refused(new() { ImageSize = 1025 }, "The image size is 1025, but must be 8 to 1024 pixels.");
        Refused(new() { Fit = (Fit)3 }, "The fit is 3, but must be Pad, Crop or Squash.");
        Refused(new() { Invert = (Invert)2 }, "The inversion is 2, but must be None or All.");
        Refused(new() { Window = new Window(40, 0) }, "The window is 40/0, but must be a finite centre and a width above 0, as -600/1500.");
        Refused(new() { Window = new Window(double.NaN, 1) }, "The window is NaN/1, but must be a finite centre and a width above 0, as -600/1500.");
        Refused(new() { LowPercentile = 50, HighPercentile = 50 }, "The range of percentiles is 50 to 50, but must be two of 0 to 100, the lower one first.");
        Refused(new() { HighPercentile = 101 }, "The range of percentiles is 0.5 to 101, but must be two of 0 to 100, the lower one first.");
        var sound = new PixelOptions { ImageSize = 8, LowPercentile = 0, HighPercentile = 100 };
        Assert.Same(sound, sound.Checked());
    }

    private static void Refused(PixelOptions options, string message)
    {
        var error = Assert.Throws<MedTransferException>(options.Checked);
        Assert.Equal(message, error.Message);
        Assert.True(error.IsUsage);
    }
}
