using System.IO.Compression;
using MedTransfer.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Tests.Data.Import.Pictures;

/// <summary>Pictures damaged at random, with fixed seeds: each is read, or refused in one line, in bounded time and memory.</summary>
public sealed class DamagedPictureTests : IDisposable
{
    private const int Side = 24;
    private const long MostBytes = 64 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);
    private static readonly byte[] Values = [.. Enumerable.Range(0, Side * Side).Select(place => (byte)(place * place / 50 + place % Side))];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Png() => Attempt(PictureBytes.GreyPng(Side, Values), 600);

    [Fact]
    public void Jpeg() => Attempt(PictureBytes.GreyJpeg(Side, Values), 800);

    [Fact]
    public void Colour_jpeg() => Attempt(PictureBytes.Encode(new JpegEncoder { ColorType = JpegColorType.YCbCrRatio420 }, Side, Colours()), 600);

    [Fact]
    public void Bmp() => Attempt(PictureBytes.GreyBmp(Side, Values), 600, within: 60);

    [Fact]
    public void Gif() => Attempt(PictureBytes.Encode(new GifEncoder(), Side, Colours()), 600);

    [Theory]
    [InlineData(WebpFileFormatType.Lossless)]
    [InlineData(WebpFileFormatType.Lossy)]
    public void Webp(WebpFileFormatType kind) => Attempt(PictureBytes.Encode(new WebpEncoder { FileFormat = kind }, Side, Colours()), 400, leastRefused: 10);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(32773)]
    public void Tiff(int compression)
    {
        byte[] data = compression switch
        {
            1 => Values,
            5 => Lzw(Values),
            7 => PictureBytes.Encode(new JpegEncoder { ColorType = JpegColorType.YCbCrRatio420 }, Side, Colours()),
            8 => Deflated(Values),
            _ => [.. Values.Chunk(128).SelectMany(run => (byte[])[(byte)(run.Length - 1), .. run])],
        };
        var page = new TiffPage(Side, Side, compression == 7 ? [8, 8, 8] : [8], data, (259, [compression]), (317, [compression is 5 or 8 ? 2 : 1]), (262, [compression == 7 ? 6 : 1]));
        var whole = TiffBytes.Of(isBigEndian: false, page);
        // the tags come last: damage to them, and to pixels
        Attempt(whole, 500, from: data.Length, leastRefused: 4);
        Attempt(whole, 200, leastRefused: 10);
    }

    // Codes of nine bits for the bytes alone: cleared before ten would be needed (TIFF 6.0, section 13).
    private static byte[] Lzw(byte[] values)
    {
        IEnumerable<int> codes = [.. values.Chunk(200).SelectMany(run => (int[])[256, .. run.Select(value => (int)value)]), 257];
        var bits = string.Concat(codes.Select(code => Convert.ToString(code, 2).PadLeft(9, '0')));
        return [.. bits.PadRight((bits.Length + 7) / 8 * 8, '0').Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))];
    }

    private static byte[] Deflated(byte[] values)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(values);
        return packed.ToArray();
    }

    private static Rgb24[] Colours() => [.. Values.Select(value => new Rgb24(value, (byte)(255 - value), (byte)(value * 3)))];

    private void Attempt(byte[] whole, int times, int from = 0, int within = int.MaxValue, int leastRefused = 4)
    {
        File.WriteAllBytes(folder["a"], whole);
        Assert.Equal((Side, Side), PictureReader.Read(folder["a"]) is var sound ? (sound.Width, sound.Height) : default);

        var random = new Random(7);
        Damage.IsReadOrRefused(times, folder["b"], _ => Damage.Of(whole, random, from, within), _ => PictureReader.Read(folder["b"]), MostTime, MostBytes, times / leastRefused);
    }
}
