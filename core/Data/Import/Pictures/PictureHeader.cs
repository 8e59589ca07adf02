namespace MedTransfer.Data.Import.Pictures;

/// <summary>Formats of pictures that are read.</summary>
internal enum PictureFormat
{
    Png,
    Jpeg,
    Bmp,
    Tiff,
    Gif,
    Webp,
}

/// <summary>What a picture's file says of it before any pixel is unpacked: what it will take, and how its pixels are to be read.</summary>
/// <param name="Width">As stored, before it is turned upright.</param>
/// <param name="BitsPerPixel">As packed in the file: what memory the picture is entitled to.</param>
internal sealed record PictureHeader(PictureFormat Format, long Width, long Height, int BitsPerPixel)
{
    /// <summary>Pixels of the largest picture that is read: twice that of the largest mammogram.</summary>
    public const long MostPixels = 100_000_000;

    // So that no row's bits are more than 32 bits can count.
    private const long LongestSide = 100_000;

    // Deflate packs up to 1,032 bytes into one, LZW up to 2,730; a picture that claims more is not in the file.
    private const long MostBytesInOne = 3000;

    /// <summary>One channel as stored.</summary>
    public bool IsGrey { get; init; }

    /// <summary>More than eight bits a channel.</summary>
    public bool IsDeep { get; init; }

    public bool HasAlpha { get; init; }

    /// <summary>Cyan, magenta, yellow and black.</summary>
    public bool IsCmyk { get; init; }

    /// <summary>EXIF's orientation, 1 to 8: where the stored first row and column lie (Exif 2.32, 4.6.4 A, tag 274).</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>The format that a file's first bytes say; null where it is none of these.</summary>
    public static PictureFormat? FormatOf(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? PictureFormat.Png
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? PictureFormat.Jpeg
        : head.StartsWith("BM"u8) ? PictureFormat.Bmp
        : TiffDirectory.IsTiff(head) ? PictureFormat.Tiff
        : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? PictureFormat.Gif
        : head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8) ? PictureFormat.Webp
        : null;

    /// <summary>Reads the header, and refuses what is no single picture of a size that fits memory.</summary>
    public static PictureHeader Read(FileWindow file)
    {
        var header = FormatOf(file.From(0)) switch
        {
            PictureFormat.Png => PngHeader.Read(file),
            PictureFormat.Jpeg => JpegHeader.Read(file),
            PictureFormat.Bmp => BmpHeader.Read(file),
            PictureFormat.Tiff => TiffHeader.Read(file),
            PictureFormat.Gif => GifHeader.Read(file),
            PictureFormat.Webp => WebpHeader.Read(file),
            _ => throw file.Refusal("is no picture that is read here (PNG, JPEG, BMP, TIFF, GIF, WebP): convert it to PNG"),
        };
        return header.OfReadableSize(file);
    }

    /// <summary>The header, if the picture fits memory and may be in its file.</summary>
    public PictureHeader OfReadableSize(FileWindow file)
    {
        if (Width < 1 || Height < 1) throw file.Damage($"{Width} x {Height} pixels");
        // neither factor is above 2^32
        if (Width > LongestSide || Height > LongestSide || Width * Height > MostPixels)
            throw file.Refusal($"is {Width} x {Height} pixels, more than the 100 million (100,000 on a side) that are read: make it smaller, or cut out what matters");
        if (Width * Height * BitsPerPixel / 8 / MostBytesInOne > file.Length)
            throw file.Damage($"{Width} x {Height} pixels cannot be in {file.Length} bytes");
        return this;
    }
}
