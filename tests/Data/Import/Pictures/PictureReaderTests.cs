using System.IO.Compression;
using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Tests.Data.Import.Pictures;

/// <summary>Values of small pictures of every kind that is read.</summary>
public sealed class PictureReaderTests : IDisposable
{
    private static readonly ValueRange EightBits = new(0, 255);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Grey_pictures_have_the_values_that_were_written()
    {
        byte[] values = [0, 1, 127, 128, 254, 255];
        byte[][] files =
        [
            PictureBytes.GreyPng(3, values), PictureBytes.GreyBmp(3, values),
            TiffBytes.Of(false, new TiffPage(3, 2, [8], values)), TiffBytes.Of(true, new TiffPage(3, 2, [8], values)),
            PictureBytes.Encode(new WebpEncoder { FileFormat = WebpFileFormatType.Lossless }, 3, [.. values.Select(value => new L8(value))]),
        ];
        Assert.All(files, file => Check(Read(file), 3, 2, 1, EightBits, 0, 1, 127, 128, 254, 255));
        // whose writer makes a palette of similar colours
        Check(Read(PictureBytes.Encode(new GifEncoder(), 2, new L8(0), new L8(255))), 2, 1, 1, EightBits, 0, 255);
    }

    [Fact]
    public void Sixteen_bits_come_to_the_last_value_and_percentiles_decide_their_range()
    {
        ushort[] values = [0, 1, 256, 257, 40000, 65534, 65535, 12345];
        var expected = values.Select(value => (float)value).ToArray();

        Check(Read(PictureBytes.GreyPng16(4, values)), 4, 2, 1, null, expected);
        Check(Read(TiffBytes.Of(false, new TiffPage(4, 2, [16], TiffBytes.Values(false, values)))), 4, 2, 1, null, expected);
        Check(Read(TiffBytes.Of(true, new TiffPage(4, 2, [16], TiffBytes.Values(true, values)))), 4, 2, 1, null, expected);
    }

    [Fact]
    public void Sixteen_bits_that_hold_eight_have_the_range_of_sixteen() =>
        Check(Read(PictureBytes.GreyPng16(2, 0, 257, 65535, 128 * 257)), 2, 2, 1, new ValueRange(0, 65535), 0, 257, 65535, 128 * 257);

    [Fact]
    public void White_is_zero_is_turned_round() =>
        Check(Read(TiffBytes.Of(false, new TiffPage(2, 1, [16], TiffBytes.Values(false, 0, 65000), (262, [0])))), 2, 1, 1, null, 65535, 535);

    [Fact]
    public void Twelve_bits_are_spread_over_sixteen() => // 0xFFF, 0x001: 65535 / 4095 = 16.003...
        Check(Read(TiffBytes.Of(false, new TiffPage(2, 1, [12], [0xFF, 0xF0, 0x01]))), 2, 1, 1, null, 65535, 16);

    [Fact]
    public void Single_bits_are_black_and_white()
    {
        var png = PictureBytes.Encode(new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit1 }, 3, new L8(255), new L8(0), new L8(255));

        Check(Read(png), 3, 1, 1, EightBits, 255, 0, 255);
        Check(Read(TiffBytes.Of(false, new TiffPage(3, 1, [1], [0b1010_0000]))), 3, 1, 1, EightBits, 255, 0, 255);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(32946)]
    public void Deflated_tiff_with_a_predictor_is_read(int compression)
    {
        using var packed = new MemoryStream();
        // differences to the pixel before: 1000, 1001, 999 and 65535, 0, 1
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(TiffBytes.Values(false, 1000, 1, 65534, 65535, 1, 1));

        Check(Read(TiffBytes.Of(false, new TiffPage(3, 2, [16], packed.ToArray(), (259, [compression]), (317, [2])))), 3, 2, 1, null, 1000, 1001, 999, 65535, 0, 1);
    }

    [Fact]
    public void Packed_bits_and_several_strips_are_read()
    {
        byte[] strips = [0xFE, 7, 0x01, 1, 2, 0x00, 9]; // three times 7; 1, 2; 9
        var page = new TiffPage(3, 2, [8], strips, (259, [32773]), (278, [1]), (273, [8, 10]), (279, [2, 5]));

        Check(Read(TiffBytes.Of(false, page)), 3, 2, 1, EightBits, 7, 7, 7, 1, 2, 9);
    }

    [Fact]
    public void Colours_stay_and_grey_ones_become_one_channel()
    {
        Rgb24[] colours = [new(1, 2, 3), new(255, 0, 9)];
        Rgb24[] greys = [new(4, 4, 4), new(200, 200, 200)];
        Check(Read(PictureBytes.Encode(new PngEncoder(), 2, colours)), 2, 1, 3, EightBits, 1, 2, 3, 255, 0, 9);
        Check(Read(PictureBytes.Encode(new BmpEncoder { BitsPerPixel = BmpBitsPerPixel.Pixel24 }, 2, colours)), 2, 1, 3, EightBits, 1, 2, 3, 255, 0, 9);
        Check(Read(TiffBytes.Of(false, new TiffPage(2, 1, [8, 8, 8], [1, 2, 3, 255, 0, 9]))), 2, 1, 3, EightBits, 1, 2, 3, 255, 0, 9);
        Check(Read(TiffBytes.Of(false, new TiffPage(2, 1, [8, 8, 8], [1, 255, 2, 0, 3, 9], (284, [2]), (273, [8, 10, 12]), (279, [2, 2, 2])))), 2, 1, 3, EightBits, 1, 2, 3, 255, 0, 9);
        Check(Read(PictureBytes.Encode(new PngEncoder { ColorType = PngColorType.Rgb }, 2, greys)), 2, 1, 1, EightBits, 4, 200);
        Check(Read(PictureBytes.Encode(new PngEncoder { ColorType = PngColorType.Palette, BitDepth = PngBitDepth.Bit8 }, 2, greys)), 2, 1, 1, EightBits, 4, 200);
    }

    [Fact]
    public void Sixteen_bit_colours_come_to_the_last_value()
    {
        var png = PictureBytes.Encode(new PngEncoder { ColorType = PngColorType.Rgb, BitDepth = PngBitDepth.Bit16 }, 1, new Rgb48(1, 2, 65535));

        Check(Read(png), 1, 1, 3, null, 1, 2, 65535);
        Check(Read(TiffBytes.Of(true, new TiffPage(1, 1, [16, 16, 16], TiffBytes.Values(true, 1, 2, 65535)))), 1, 1, 3, null, 1, 2, 65535);
    }

    [Fact]
    public void Transparency_is_dropped_with_the_colours_as_stored_and_said()
    {
        var encoder = new PngEncoder { ColorType = PngColorType.RgbWithAlpha, TransparentColorMode = PngTransparentColorMode.Preserve };
        var opaque = Read(PictureBytes.Encode(encoder, 1, new Rgba32(9, 8, 7, 255)));
        var half = Read(PictureBytes.Encode(encoder, 2, new Rgba32(9, 8, 7, 128), new Rgba32(1, 2, 3, 255)));
        var none = Read(PictureBytes.Encode(encoder, 2, new Rgba32(9, 8, 7, 0), new Rgba32(1, 2, 3, 255)));
        var tiff = Read(TiffBytes.Of(false, new TiffPage(1, 1, [8, 8, 8, 8], [9, 8, 7, 128], (338, [2]))));
        var grey = Read(PictureBytes.Encode(new PngEncoder { ColorType = PngColorType.GrayscaleWithAlpha }, 2, new La16(9, 128), new La16(1, 255)));
        // the grey level 9 is fully transparent
        var keyed = Read(PictureBytes.WithChunk(PictureBytes.GreyPng(2, 9, 10), "tRNS", 0, 9));

        const string Dropped = "transparency was dropped, colours kept as stored";
        Check(opaque, 1, 1, 3, EightBits, 9, 8, 7);
        Check(half, 2, 1, 3, EightBits, [Dropped], 9, 8, 7, 1, 2, 3);
        Check(none, 2, 1, 3, EightBits, [Dropped, "some pixels are fully transparent, and show what colour the file has there"], 9, 8, 7, 1, 2, 3);
        Check(tiff, 1, 1, 3, EightBits, [Dropped], 9, 8, 7);
        Check(grey, 2, 1, 1, EightBits, [Dropped], 9, 1);
        Check(keyed, 2, 1, 1, EightBits, [Dropped, "some pixels are fully transparent, and show what colour the file has there"], 9, 10);
    }

    [Fact]
    public void Jpeg_has_the_values_that_were_written_within_a_level()
    {
        var values = Enumerable.Range(0, 256).Select(place => (byte)(place % 16 * 8 + place / 16 * 7)).ToArray();

        var grey = Read(PictureBytes.GreyJpeg(16, values));
        var colour = Read(PictureBytes.Encode(new JpegEncoder { ColorType = JpegColorType.YCbCrRatio444, Quality = 100 }, 8, [.. Enumerable.Repeat(new Rgb24(200, 100, 50), 64)]));

        Assert.Equal((16, 16, 1, EightBits), (grey.Width, grey.Height, grey.Channels, grey.Range));
        Assert.All(grey.Values.Zip(values), pair => Assert.InRange(pair.First, pair.Second - 1, pair.Second + 1));
        Assert.Equal(3, colour.Channels);
        Assert.All(colour.Values.Chunk(3), pixel => Assert.All(pixel.Zip([200f, 100, 50]), pair => Assert.InRange(pair.First, pair.Second - 2, pair.Second + 2)));
    }

    // Exif 2.32, 4.6.4 A: where the stored row 0 and column 0 are to be seen.
    [Theory]
    [InlineData(1, 3, "1 2 3 4 5 6")]
    [InlineData(2, 3, "3 2 1 6 5 4")]
    [InlineData(3, 3, "6 5 4 3 2 1")]
    [InlineData(4, 3, "4 5 6 1 2 3")]
    [InlineData(5, 2, "1 4 2 5 3 6")]
    [InlineData(6, 2, "4 1 5 2 6 3")]
    [InlineData(7, 2, "6 3 5 2 4 1")]
    [InlineData(8, 2, "3 6 2 5 1 4")]
    public void Pictures_are_turned_upright(int orientation, int width, string upright)
    {
        byte[] values = [1, 2, 3, 4, 5, 6];
        byte[][] files =
        [
            PictureBytes.WithChunk(PictureBytes.GreyPng(3, values), "eXIf", PictureBytes.Exif(orientation)),
            TiffBytes.Of(false, new TiffPage(3, 2, [8], values, (274, [orientation]))),
        ];
        string[] remarks = orientation == 1 ? [] : ["was turned upright as its EXIF orientation says"];
        Assert.All(files, file => Check(Read(file), width, 6 / width, 1, EightBits, remarks, [.. upright.Split(' ').Select(float.Parse)]));
    }

    [Fact]
    public void Colour_pictures_are_turned_upright_and_jpeg_has_its_orientation_in_a_segment()
    {
        var colours = PictureBytes.WithChunk(PictureBytes.Encode(new PngEncoder(), 2, new Rgb24(1, 2, 3), new Rgb24(4, 5, 6)), "eXIf", PictureBytes.Exif(6));
        var flat = PictureBytes.GreyJpeg(16, [.. Enumerable.Repeat((byte)50, 16 * 8)]);

        Check(Read(colours), 1, 2, 3, EightBits, ["was turned upright as its EXIF orientation says"], 1, 2, 3, 4, 5, 6);
        Assert.Equal((8, 16), Read(PictureBytes.WithExif(flat, 6)) is var turned ? (turned.Width, turned.Height) : default);
        Assert.Equal((16, 8), Read(PictureBytes.WithExif(flat, 9)) is var unknown ? (unknown.Width, unknown.Height) : default);
    }

    private DecodedImage Read(byte[] bytes)
    {
        File.WriteAllBytes(folder["a"], bytes);
        return PictureReader.Read(folder["a"]);
    }

    private static void Check(DecodedImage image, int width, int height, int channels, ValueRange? range, params float[] values) =>
        Check(image, width, height, channels, range, [], values);

    private static void Check(DecodedImage image, int width, int height, int channels, ValueRange? range, string[] remarks, params float[] values)
    {
        Assert.Equal((width, height, channels, range), (image.Width, image.Height, image.Channels, image.Range));
        Assert.Equal(values, image.Values);
        Assert.Equal(remarks, image.Remarks);
        Assert.False(image.IsInverted);
    }
}
