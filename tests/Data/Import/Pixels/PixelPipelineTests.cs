using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Pixels;

namespace MedTransfer.Tests.Data.Import.Pixels;

/// <summary>Bytes of small images, worked out by hand.</summary>
public sealed class PixelPipelineTests
{
    private static readonly PixelOptions Eight = new() { ImageSize = 8 };

    [Fact]
    public void Bytes_of_the_right_size_stay_as_they_are()
    {
        byte[] values = [.. Enumerable.Range(0, 64).Select(value => (byte)(value * 4))];

        Assert.Equal(values, PixelPipeline.ToBytes(Grey(8, [.. values.Select(value => (float)value)]), 1, Eight));
    }

    [Fact]
    public void Halves_are_rounded_to_even_once_and_after_the_inversion()
    {
        // means of two by two: 2.5 and 3.5; inverted 252.5 and 251.5
        var image = Grey(16, [.. Enumerable.Range(0, 256).Select(place => place / 2 % 2 == 0 ? 2f + place % 2 : 3 + place % 2)]);

        var bytes = PixelPipeline.ToBytes(image, 1, Eight);
        var inverted = PixelPipeline.ToBytes(image, 1, Eight with { Invert = Invert.All });

        Assert.Equal([2, 4, 2, 4, 2, 4, 2, 4], bytes[..8]);
        Assert.Equal([252, 252, 252, 252], inverted[..4]);
    }

    [Fact]
    public void Area_averages_are_the_sums_of_what_each_pixel_covers()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 13 * 11).Select(_ => (float)random.Next(256))];
        var bytes = PixelPipeline.ToBytes(new DecodedImage(13, 11, 1, values) { Range = new ValueRange(0, 255) }, 1, Eight with { Fit = Fit.Squash });

        // each old pixel cut into 8 x 8, so that each new one is 13 x 11 whole pieces
        var expected = Enumerable.Range(0, 64).Select(place =>
        {
            var sum = 0L;
            for (var y = place / 8 * 11; y < (place / 8 + 1) * 11; y++)
                for (var x = place % 8 * 13; x < (place % 8 + 1) * 13; x++) sum += (long)values[y / 8 * 13 + x / 8];
            return (byte)Math.Round(sum / 143.0, MidpointRounding.ToEven);
        });
        Assert.Equal(expected, bytes);
    }

    // 2 x 2 to 8 x 8 in both directions: places 0, 0, 1/8, 3/8, 5/8, 7/8, 1, 1 between 0 and 80, and down between 0 and 160
    [Fact]
    public void Small_images_are_interpolated()
    {
        int[] across = [0, 0, 10, 30, 50, 70, 80, 80], down = [0, 0, 20, 60, 100, 140, 160, 160];

        Assert.Equal(down.SelectMany(low => across.Select(high => (byte)(low + high))), PixelPipeline.ToBytes(Grey(2, 0, 80, 160, 240), 1, Eight));
    }

    [Theory]
    [InlineData(Invert.None, 100)]
    [InlineData(Invert.All, 155)]
    public void Bars_are_black_in_every_picture(Invert invert, byte value)
    {
        // 16 x 4 becomes 8 x 2, below three black rows
        var bytes = PixelPipeline.ToBytes(Grey(16, [.. Enumerable.Repeat(100f, 64)]), 1, Eight with { Invert = invert });

        Assert.Equal([.. new byte[24], .. Enumerable.Repeat(value, 16), .. new byte[24]], bytes);
    }

    [Fact]
    public void Narrow_images_keep_a_pixel_and_an_odd_bar_is_shorter_before()
    {
        // 1 x 100 becomes 1 x 8: three black columns before, four after
        var bytes = PixelPipeline.ToBytes(Grey(1, [.. Enumerable.Repeat(9f, 100)]), 1, Eight);

        Assert.Equal([0, 0, 0, 9, 0, 0, 0, 0], bytes[..8]);
        Assert.Equal(8, bytes.Count(value => value == 9));
    }

    [Fact]
    public void Crops_are_central_and_squashes_are_whole()
    {
        float[] row = [.. Enumerable.Range(0, 16).Select(value => (float)value)];
        var image = Grey(16, [.. Enumerable.Repeat(row, 8).SelectMany(values => values)]);

        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11], PixelPipeline.ToBytes(image, 1, Eight with { Fit = Fit.Crop })[..8]);
        // 0.5, 2.5, 4.5, ... to even
        Assert.Equal([0, 2, 4, 6, 8, 10, 12, 14], PixelPipeline.ToBytes(image, 1, Eight with { Fit = Fit.Squash })[..8]);
    }

    [Fact]
    public void Colours_are_channel_first_and_become_grey_by_their_luma()
    {
        // a red, a green and a blue picture; .299, .587 and .114 of 255: 76.245, 149.685, 29.07
        Assert.Equal([255, 0, 0], Corners(Colour(255, 0, 0), 3));
        Assert.Equal([0, 255, 0], Corners(Colour(0, 255, 0), 3));
        Assert.Equal([76], Corners(Colour(255, 0, 0), 1));
        Assert.Equal([150], Corners(Colour(0, 255, 0), 1));
        Assert.Equal([29], Corners(Colour(0, 0, 255), 1));
        Assert.Equal([77, 77, 77], Corners(Grey(8, [.. Enumerable.Repeat(77f, 64)]), 3));

        static byte[] Corners(DecodedImage image, int channels) =>
            [.. PixelPipeline.ToBytes(image, channels, Eight).Chunk(64).Select(plane => Assert.Single(plane.Distinct()))];
        static DecodedImage Colour(float red, float green, float blue) =>
            new(8, 8, 3, [.. Enumerable.Repeat<float[]>([red, green, blue], 64).SelectMany(pixel => pixel)]) { Range = new ValueRange(0, 255) };
    }

    [Fact]
    public void A_window_comes_before_the_files_range_and_that_before_percentiles()
    {
        float[] values = [-1000, -160, 40, 240, 3000, 0, 0, 0];
        var image = new DecodedImage(8, 1, 1, values);

        // -160 to 240: 40 is 127.5, to even
        Assert.Equal([0, 0, 128, 255, 255], Row(image, Eight with { Window = new Window(40, 400) })[..5]);
        Assert.Equal([0, 0, 128, 255, 255], Row(image with { Range = new ValueRange(-160, 240) }, Eight)[..5]);
        // -1000 to 3000: 840, 1040, 1240 of 4000
        Assert.Equal([0, 54, 66, 79, 255], Row(image, Eight with { LowPercentile = 0, HighPercentile = 100 })[..5]);
        // ranks .5 / 100 x 7 = .035: -1000 + .035 x 840; 3000 - .035 x 2760
        Assert.Equal(new ValueRange(-970.6, 2903.4), Rounded(PixelPipeline.RangeOf(image, Eight)!.Value));
        // without the padding: -160 to 3000
        Assert.Equal(new ValueRange(-160, 3000), PixelPipeline.RangeOf(image with { Padding = -1000 }, Eight with { LowPercentile = 0, HighPercentile = 100 }));

        static ValueRange Rounded(ValueRange range) => new(Math.Round(range.Low, 6), Math.Round(range.High, 6));
    }

    [Fact]
    public void Sixteen_bits_that_hold_eight_give_them_back()
    {
        byte[] values = [.. Enumerable.Range(0, 64).Select(value => (byte)(value * 4 + value % 4))];
        var image = new DecodedImage(8, 8, 1, [.. values.Select(value => value * 257f)]) { Range = new ValueRange(0, 65535) };

        Assert.Equal(values, PixelPipeline.ToBytes(image, 1, Eight));
    }

    [Fact]
    public void Images_of_one_value_are_black_and_rare_values_have_their_extremes()
    {
        var flat = new DecodedImage(8, 8, 1, [.. Enumerable.Repeat(500f, 64)]);
        Assert.Null(PixelPipeline.RangeOf(flat, Eight));
        Assert.All(PixelPipeline.ToBytes(flat, 1, Eight with { Invert = Invert.All }), value => Assert.Equal(0, value));
        Assert.Null(PixelPipeline.RangeOf(flat with { Padding = 500 }, Eight));

        // one bright pixel of a thousand: both percentiles are 7
        var rare = new DecodedImage(1000, 1, 1, [9, .. Enumerable.Repeat(7f, 999)]);
        Assert.Equal(new ValueRange(7, 9), PixelPipeline.RangeOf(rare, Eight));
    }

    [Theory]
    [InlineData(false, Invert.None, 50)]
    [InlineData(true, Invert.None, 205)]
    [InlineData(false, Invert.All, 205)]
    [InlineData(true, Invert.All, 50)]
    public void Images_whose_files_say_so_are_inverted(bool isInverted, Invert invert, byte expected) =>
        Assert.All(PixelPipeline.ToBytes(Grey(8, [.. Enumerable.Repeat(50f, 64)]) with { IsInverted = isInverted }, 1, Eight with { Invert = invert }), value => Assert.Equal(expected, value));

    [Fact]
    public void What_is_no_number_is_black()
    {
        float[] row = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 100, 100, 100, 100, 100];

        // along a vector's length, and beyond it
        Assert.Equal([0, 255, 0, 100, 100, 100, 100, 100], Row(new DecodedImage(8, 1, 1, row) { Range = new ValueRange(0, 255) }, Eight));
        Assert.Equal(0, PixelPipeline.ToBytes(Grey(1, float.NaN), 1, Eight)[0]);
    }

    [Fact]
    public void A_large_image_comes_out_as_a_small_one_of_the_same_mean()
    {
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, 1000 * 700).Select(place => place / 1000 / 3f + random.Next(20))];
        var bytes = PixelPipeline.ToBytes(new DecodedImage(1000, 700, 1, values) { Range = new ValueRange(0, 255) }, 1, new PixelOptions { Fit = Fit.Squash });

        Assert.Equal(values.Average(value => Math.Min(255, value)), bytes.Average(value => value), 0.02);
    }

    private static byte[] Row(DecodedImage image, PixelOptions options) => PixelPipeline.ToBytes(image, 1, options with { Fit = Fit.Squash })[..8];

    private static DecodedImage Grey(int width, params float[] values) => new(width, values.Length / width, 1, values) { Range = new ValueRange(0, 255) };
}
