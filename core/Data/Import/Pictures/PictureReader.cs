using System.Numerics;
using MedTransfer.Data.Formats;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Data.Import.Pictures;

/// <summary>
/// Reads pictures: PNG, JPEG, BMP and TIFF of 8 and 16 bits, single GIF and WebP pictures. Pixels are unpacked by ImageSharp; headers are read here first,
/// so that nothing is unpacked that does not fit memory, is more than one picture, or ends early.
/// </summary>
public static class PictureReader
{
    // How large the library's largest buffer may be, by the picture's size; each keeps some memory for the next picture.
    private static readonly (int Megabytes, Configuration Configuration)[] Limits = [.. new[] { 16, 64, 256, 1024 }.Select(megabytes => (megabytes, new Configuration
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = megabytes, MaximumPoolSizeMegabytes = 64 }),
    }))];

    /// <summary>
    /// The picture, upright by its EXIF orientation, without transparency; a colour picture whose every pixel is grey has one channel. Values are the
    /// file's, of fewer bits spread over eight; <see cref="DecodedImage.Range"/> is that of eight bits, and null where values really have 16.
    /// </summary>
    /// <exception cref="MedTransferException">It cannot be read: damaged, more than one picture, of a kind that is not read, or of more than 100 million pixels.</exception>
    /// <param name="admit">Told how many pixels it has before they are unpacked; may wait for memory.</param>
    public static DecodedImage Read(string path, Action<long>? admit = null)
    {
        using var file = FileErrors.Open(path);
        var header = FileErrors.Reading(path, () => PictureHeader.Read(new FileWindow(path, file)));
        admit?.Invoke(header.Width * header.Height);
        try
        {
            file.Position = 0;
            return (header.IsDeep, header.IsGrey, header.HasAlpha) switch
            {
                (false, true, _) => Unpack<L8, byte>(file, header),
                (false, false, false) => Unpack<Rgb24, byte>(file, header),
                (false, false, true) => Unpack<Rgba32, byte>(file, header),
                (true, true, _) => Unpack<L16, ushort>(file, header),
                (true, false, false) => Unpack<Rgb48, ushort>(file, header),
                (true, false, true) => Unpack<Rgba64, ushort>(file, header),
            };
        }
        catch (NotSupportedException error)
        {
            throw new MedTransferException($"{path}: is a {Name(header.Format)} of a kind that is not read here ({FileErrors.Reason(error)}): convert it to PNG", error);
        }
        catch (Exception error) when (error is IOException and not EndOfStreamException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{path}: cannot be read ({FileErrors.Reason(error)})", error);
        }
        // Whatever else the library throws at damaged bytes, its own or an index that is out of range, comes of them.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new MedTransferException($"{path}: is a damaged {Name(header.Format)} ({FileErrors.Reason(error)}): copy or download it again", error);
        }
    }

    private static string Name(PictureFormat format) => format == PictureFormat.Webp ? "WebP" : format.ToString().ToUpperInvariant();

    private static DecodedImage Unpack<TPixel, TValue>(Stream file, PictureHeader header)
        where TPixel : unmanaged, IPixel<TPixel>
        where TValue : unmanaged, IBinaryInteger<TValue>, IMinMaxValue<TValue>
    {
        // eight bytes a pixel are the most, with room for whole blocks
        var megabytes = header.Width * header.Height * 10 / (1 << 20) + 8;
        var configuration = Limits.First(limit => limit.Megabytes >= megabytes).Configuration;
        using var image = Decoder(header.Format).Decode<TPixel>(configuration, file, CancellationToken.None);
        if (image.Width != header.Width || image.Height != header.Height) throw new InvalidDataException("its size is not what its header says");
        return PicturePixels.Of<TPixel, TValue>(image, header);
    }

    private static IImageDecoder Decoder(PictureFormat format) => format switch
    {
        PictureFormat.Png => new PngDecoder { IgnoreMetadata = true },
        PictureFormat.Jpeg => new JpegDecoder { IgnoreMetadata = true },
        PictureFormat.Bmp => new BmpDecoder(),
        PictureFormat.Tiff => new TiffDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First },
        PictureFormat.Gif => new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First },
        _ => new WebpDecoder { IgnoreMetadata = true },
    };
}
