using System.Diagnostics;
using MedTransfer.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Tests.Data.Import.Pictures;

/// <summary>Pictures that are not read, each with the one line that says why and what to do.</summary>
public sealed class PictureRefusalTests : IDisposable
{
    private const string SaveAgain = "which is not read here: save it as TIFF of 8 or 16 bits without layers, or as PNG";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_bomb_is_refused_without_its_memory()
    {
        var small = PictureBytes.GreyPng(2, 1, 2);
        var (watch, before) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes());

        Refused(PictureBytes.WithSize(small, 100_001, 1), "is 100001 x 1 pixels, more than the 100 million (100,000 on a side) that are read: make it smaller, or cut out what matters");
        Refused(PictureBytes.WithSize(small, 10_001, 10_000), "is 10001 x 10000 pixels, more than the 100 million (100,000 on a side) that are read: make it smaller, or cut out what matters");
        Refused(PictureBytes.WithSize(small, 10_000, 10_000), $"is damaged (10000 x 10000 pixels cannot be in {small.Length} bytes): copy or download it again");
        Refused(PictureBytes.WithSize(small, 0, 10_000), "is damaged (0 x 10000 pixels): copy or download it again");
        Refused(TiffBytes.Of(false, new TiffPage(60_000, 60_000, [8], [1])), "is 60000 x 60000 pixels, more than the 100 million (100,000 on a side) that are read: make it smaller, or cut out what matters");
        // a strip of more rows than the picture has: the library would make room for them
        Refused(TiffBytes.Of(false, new TiffPage(1000, 2, [8], new byte[2000], (278, [2_000_000]))), null);

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Animations_are_refused()
    {
        Refused(PictureBytes.WithChunk(PictureBytes.GreyPng(2, 1, 2), "acTL", 0, 0, 0, 3, 0, 0, 0, 0), "is an animated PNG of 3 frames: save the one that counts as a PNG of its own");
        Refused(TwoFrames(), "is an animated GIF: save the frame that counts as a PNG of its own");
        Refused([.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 7, 0, 0], "is an animated WebP: save the frame that counts as a PNG of its own");
    }

    [Fact]
    public void Several_pages_are_refused_and_smaller_copies_are_not()
    {
        TiffPage page = new(2, 1, [8], [1, 2]), smaller = new(1, 1, [8], [1]);

        Refused(TiffBytes.Of(false, page, page, page), "has 3 pages: save those that count as files of their own");
        Refused(TiffBytes.Of(false, page, smaller), "has 2 pages of different sizes: save those that count as files of their own");
        Assert.Equal([1f, 2f], Read(TiffBytes.Of(false, page, new TiffPage(1, 1, [8], [1], (254, [1])))).Values);
        Refused(Circle(), "has more than 1000 pages: save those that count as files of their own");
        Refused(TiffBytes.Of(false, new TiffPage(2, 1, [8], [1, 2], (322, [16]))), "is a TIFF in tiles, which are not read here: save it without tiles (tiffcp -s), or as PNG");
        Refused(
            TiffBytes.Of(false, new TiffPage(2, 1, [8], [1, 2], (322, [16])), page),
            "is a whole-slide image (a TIFF of tiles at several sizes): cut out the regions that count with QuPath or OpenSlide and save them as PNG");
    }

    [Fact]
    public void Kinds_of_tiff_that_are_not_read_are_named()
    {
        Kind("32 bits a channel", [32], (339, [3]));
        Kind("signed or floating-point values", [16], (339, [2]));
        Kind("CMYK colours", [8, 8, 8, 8], (262, [5]));
        Kind("channels of different depths", [8, 8, 16]);
        Kind("2 channels with photometric interpretation 1", [8, 8], (262, [1]), (338, [0]));
        Kind("a predictor that is not read with its kind of pixels", [8, 8, 8], (284, [2]), (317, [2]));
        Kind("a predictor that is not read with its kind of pixels", [12], (317, [2]));
        Kind("fax compression that is not white on zero", [1], (259, [4]));
        Kind("JPEG compression of its kind of pixels", [8], (259, [7]));
        Kind("compression 50000", [8], (259, [50000]));
        Kind("photometric interpretation missing", [8], (262, []));

        void Kind(string what, int[] bits, params (int, long[])[] tags) => Refused(TiffBytes.Of(false, new TiffPage(1, 1, bits, new byte[16], tags)), $"is a TIFF with {what}, {SaveAgain}");
    }

    [Fact]
    public void Kinds_of_jpeg_that_are_not_read_are_named()
    {
        var jpeg = PictureBytes.GreyJpeg(8, new byte[64]);
        var frame = jpeg.AsSpan().IndexOf((byte[])[0xFF, 0xC0]);
        Assert.True(frame > 0);

        Kind(1, 0xC3, "lossless JPEG");
        Kind(1, 0xC9, "hierarchical or arithmetic-coded JPEG");
        Kind(4, 12, "JPEG of 12 bits");
        Kind(9, 2, "JPEG of 2 channels");

        void Kind(int place, byte value, string what)
        {
            byte[] changed = [.. jpeg];
            changed[frame + place] = value;
            Refused(changed, $"is a {what}, which is not read here: convert it to PNG");
        }
    }

    [Fact]
    public void Files_that_end_early_are_refused_at_every_length()
    {
        byte[] values = [.. Enumerable.Range(0, 64).Select(value => (byte)(value * 37))];
        byte[][] files = [PictureBytes.GreyPng(8, values), PictureBytes.GreyJpeg(8, values), PictureBytes.GreyBmp(8, values)];
        Assert.All(files, file => Assert.All(Enumerable.Range(8, file.Length - 8), length =>
        {
            // a PNG's last checksum, of no data, is missed by nobody
            if (file[1] == 'P' && length >= file.Length - 4) return;
            Assert.Contains("ends early", Message(file[..length]), StringComparison.Ordinal);
        }));
        var tiff = TiffBytes.Of(false, new TiffPage(8, 8, [8], values, (273, [200])));
        Refused(tiff, "ends early, the file is truncated: copy or download it again");
        Refused(TiffBytes.Of(false, new TiffPage(8, 8, [8], values[..63])), "is damaged (strip 1 has 63 bytes): copy or download it again");
    }

    [Fact]
    public void What_is_no_picture_is_refused() =>
        Refused([1, 2, 3], "is no picture that is read here (PNG, JPEG, BMP, TIFF, GIF, WebP): convert it to PNG");

    // A page that comes after itself.
    private static byte[] Circle()
    {
        var tiff = TiffBytes.Of(false, new TiffPage(2, 1, [8], [1, 2]));
        tiff.AsSpan(4, 4).CopyTo(tiff.AsSpan(tiff.Length - 4));
        return tiff;
    }

    private static byte[] TwoFrames()
    {
        using var image = new Image<L8>(2, 2);
        image.Frames.AddFrame(image.Frames.RootFrame);
        using var bytes = new MemoryStream();
        image.Save(bytes, new GifEncoder());
        return bytes.ToArray();
    }

    private MedTransfer.Data.Import.DecodedImage Read(byte[] bytes)
    {
        File.WriteAllBytes(folder["a.png"], bytes);
        return PictureReader.Read(folder["a.png"]);
    }

    private string Message(byte[] bytes) => Assert.Throws<MedTransferException>(() => Read(bytes)).Message;

    // null: in whatever words
    private void Refused(byte[] bytes, string? what)
    {
        var message = Message(bytes);
        Assert.DoesNotContain('\n', message);
        Assert.Equal($"{folder["a.png"]}: {what ?? message[(folder["a.png"].Length + 2)..]}", message);
    }
}
