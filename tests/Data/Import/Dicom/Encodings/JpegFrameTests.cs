using MedTransfer.Data.Import;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Tests.Data.Import.Dicom.Encodings;

/// <summary>JPEG of the cosine transform, which ImageSharp reads: what is around it.</summary>
public sealed class JpegFrameTests : IDisposable
{
    private static readonly Rgb24 _colour = new(200, 100, 50);

    private readonly DicomFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(DicomBytes.Baseline)]
    [InlineData(DicomBytes.Extended)]
    public void Grey_is_read(string syntax)
    {
        using var grey = new Image<L8>(16, 8, new L8(77));

        var image = files.Read(DicomBytes.Of("MONOCHROME1", 16, 8, 8).Fragments([], Encode(grey, JpegColorType.Luminance)), syntax);

        Assert.Equal((16, 8, 1), (image.Width, image.Height, image.Channels));
        Assert.True(image.IsInverted);
        Assert.All(image.Values, value => Assert.Equal(77, value, 1f));
    }

    // without Adobe's segment a decoder would take three components for YCbCr: the tags decide
    [Theory]
    [InlineData("YBR_FULL_422", JpegColorType.YCbCrRatio444, false)]
    [InlineData("YBR_FULL", JpegColorType.YCbCrRatio420, false)]
    [InlineData("RGB", JpegColorType.Rgb, false)]
    [InlineData("RGB", JpegColorType.Rgb, true)]
    [InlineData("RGB", JpegColorType.YCbCrRatio444, true)]
    public void Colours_are_those_of_the_photometric_interpretation(string photometric, JpegColorType inside, bool hasAdobe)
    {
        using var colours = new Image<Rgb24>(16, 16, _colour);
        var codestream = Without(Encode(colours, inside), 0xE0, 0xEE);
        if (hasAdobe) codestream = [.. codestream[..2], 0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)(inside == JpegColorType.Rgb ? 0 : 1), .. codestream[2..]];

        var image = files.Read(Image(photometric, codestream), DicomBytes.Baseline);

        Assert.Equal((3, new ValueRange(0, 255)), (image.Channels, image.Range));
        for (var i = 0; i < image.Values.Length; i += 3)
        {
            Assert.Equal(_colour.R, image.Values[i], 3f);
            Assert.Equal(_colour.G, image.Values[i + 1], 3f);
            Assert.Equal(_colour.B, image.Values[i + 2], 3f);
        }
        Assert.Empty(image.Remarks);
    }

    [Fact]
    public void Rgb_in_a_file_that_is_marked_as_ybr_is_said()
    {
        using var colours = new Image<Rgb24>(16, 16, _colour);
        var codestream = Without(Encode(colours, JpegColorType.Rgb), 0xE0, 0xEE);
        codestream = [.. codestream[..2], 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, .. codestream[2..]];

        var image = files.Read(Image("RGB", codestream), DicomBytes.Baseline);

        Assert.Equal(_colour.R, image.Values[0], 3f);
        Assert.Equal(["its JPEG is marked as YCbCr, its tags say RGB and were followed"], image.Remarks);
    }

    [Fact]
    public void Truncated_or_damaged_codestreams_are_refused()
    {
        using var grey = new Image<L8>(16, 16, new L8(77));
        var whole = Encode(grey, JpegColorType.Luminance);
        DicomBytes Of(byte[] codestream) => DicomBytes.Of("MONOCHROME2", 16, 16, 8).Fragments([], codestream);

        Assert.Equal("its pixel data ends early, the file is truncated: copy or download it again", files.Refusal(Of(whole[..^2]), DicomBytes.Baseline));
        Assert.Equal("its JPEG pixel data is damaged: copy or download it again", files.Refusal(Of(whole[2..]), DicomBytes.Baseline));
        Assert.Equal("its JPEG pixel data is damaged: copy or download it again", files.Refusal(Of([0xFF, 0xD8, 0xFF, 0xD9]), DicomBytes.Baseline));
        Assert.StartsWith("its JPEG has another size", files.Refusal(Of(whole).Us(0x0028_0011, 15), DicomBytes.Baseline), StringComparison.Ordinal);
    }

    private static DicomBytes Image(string photometric, byte[] codestream) =>
        DicomBytes.Of(photometric, 16, 16, 8).Us(0x0028_0002, 3).Us(0x0028_0006, 0).Fragments([], codestream);

    private static byte[] Encode(Image image, JpegColorType colours)
    {
        using var stream = new MemoryStream();
        image.Save(stream, new JpegEncoder { Quality = 100, ColorType = colours });
        return stream.ToArray();
    }

    /// <summary>The codestream without the segments of these markers before its scan.</summary>
    private static byte[] Without(byte[] codestream, params byte[] markers)
    {
        List<byte> bytes = [.. codestream[..2]];
        var place = 2;
        while (codestream[place + 1] != 0xDA)
        {
            var end = place + 2 + (codestream[place + 2] << 8) + codestream[place + 3];
            if (!markers.Contains(codestream[place + 1])) bytes.AddRange(codestream[place..end]);
            place = end;
        }
        return [.. bytes, .. codestream[place..]];
    }
}
