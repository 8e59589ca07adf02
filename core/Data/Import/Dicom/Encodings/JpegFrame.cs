using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>Frames packed as JPEG (ITU-T T.81): lossless ones by <see cref="LosslessJpeg"/>, those of the cosine transform with eight bits by ImageSharp.</summary>
internal static class JpegFrame
{
    // A block of 64 samples takes two bits, in a progressive scan one.
    private const int BestRatio = 512;

    private static readonly byte[] _adobeRgb = AdobeSegment(0);
    private static readonly byte[] _adobeYcc = AdobeSegment(1);

    public static Frame Decode(byte[] codestream, JpegHeader header, ImagePixels image)
    {
        header.Check(image);
        // once unpacked, each pixel has chrominances of its own
        var full = image.Photometric == Photometric.YbrFull422 ? image with { Photometric = Photometric.YbrFull } : image;
        if (header.Process == JpegHeader.Lossless)
        {
            var cells = LosslessJpeg.Decode(codestream, header);
            for (var i = 0; i < cells.Length; i++) cells[i] = image.Sample(cells[i]);
            return new Frame(full, cells);
        }
        // ImageSharp leaves what is missing grey
        if (codestream.AsSpan().LastIndexOf([(byte)0xFF, JpegSegment.EndOfImage]) < 0 || (long)image.Pixels * image.Samples > (long)BestRatio * codestream.Length)
            throw DicomException.TruncatedPixels();
        return image.Samples == 1 ? new Frame(image, Grey(codestream, image)) : Colour(codestream, header, full);
    }

    private static int[] Grey(byte[] codestream, ImagePixels image)
    {
        using var decoded = Decode<L8>(codestream, image);
        var samples = new int[image.Pixels];
        decoded.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < row.Length; x++) samples[(y * row.Length) + x] = image.Sample(row[x].PackedValue);
            }
        });
        return samples;
    }

    /// <summary>
    /// Colours as their photometric interpretation says: YBR is turned to RGB, RGB stays, unless Adobe's segment says that it is YCbCr all the same, as
    /// programs write that did not change the tag.
    /// </summary>
    private static Frame Colour(byte[] codestream, JpegHeader header, ImagePixels image)
    {
        var isRgb = image.Photometric == Photometric.Rgb;
        var bytes = isRgb && header.Adobe.Count > 0 ? codestream : WithAdobe(codestream, header, isRgb ? _adobeRgb : _adobeYcc);
        using var decoded = Decode<Rgb24>(bytes, image);
        var samples = new int[image.Pixels * 3];
        decoded.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < row.Length; x++)
                {
                    var at = 3 * ((y * row.Length) + x);
                    (samples[at], samples[at + 1], samples[at + 2]) = (row[x].R, row[x].G, row[x].B);
                }
            }
        });
        return new Frame(image with { Photometric = Photometric.Rgb }, samples)
        {
            Remarks = isRgb && header.IsJfif && header.Adobe.Count == 0 ? ["its JPEG is marked as YCbCr, its tags say RGB and were followed"] : [],
        };
    }

    private static Image<TPixel> Decode<TPixel>(byte[] codestream, ImagePixels image) where TPixel : unmanaged, IPixel<TPixel>
    {
        Image<TPixel> decoded;
        try
        {
            using var stream = new MemoryStream(codestream);
            decoded = new JpegDecoder().Decode<TPixel>(Configuration.Default, stream, CancellationToken.None);
        }
        // whatever a damaged codestream makes it throw
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw DicomException.DamagedPixels("JPEG", error);
        }
        if (decoded.Width == image.Columns && decoded.Height == image.Rows) return decoded;
        decoded.Dispose();
        throw DicomException.DamagedPixels("JPEG");
    }

    /// <summary>The codestream with one segment of Adobe's, right at its start, in place of those it has.</summary>
    private static byte[] WithAdobe(byte[] codestream, JpegHeader header, byte[] segment)
    {
        List<byte> bytes = [.. codestream.AsSpan(0, 2), .. segment];
        var position = 2;
        foreach (var (start, end) in header.Adobe.Select(range => (range.Start.Value, range.End.Value)))
        {
            bytes.AddRange(codestream.AsSpan(position, start - position));
            position = end;
        }
        bytes.AddRange(codestream.AsSpan(position));
        return [.. bytes];
    }

    private static byte[] AdobeSegment(byte transform) => [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform];
}
