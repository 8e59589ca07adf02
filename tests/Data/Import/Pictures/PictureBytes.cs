using System.Buffers.Binary;
using System.IO.Hashing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Tests.Data.Import.Pictures;

/// <summary>Bytes of small picture files: by ImageSharp where it writes them, else by hand.</summary>
internal static class PictureBytes
{
    public static byte[] Encode<TPixel>(IImageEncoder encoder, int width, params TPixel[] pixels)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Image.LoadPixelData(pixels, width, pixels.Length / width);
        using var bytes = new MemoryStream();
        image.Save(bytes, encoder);
        return bytes.ToArray();
    }

    public static byte[] GreyPng(int width, params byte[] values) =>
        Encode(new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit8 }, width, [.. values.Select(value => new L8(value))]);

    public static byte[] GreyPng16(int width, params ushort[] values) =>
        Encode(new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit16 }, width, [.. values.Select(value => new L16(value))]);

    public static byte[] GreyJpeg(int width, params byte[] values) =>
        Encode(new JpegEncoder { ColorType = JpegColorType.Luminance, Quality = 100 }, width, [.. values.Select(value => new L8(value))]);

    public static byte[] GreyBmp(int width, params byte[] values) =>
        Encode(new BmpEncoder { BitsPerPixel = BmpBitsPerPixel.Pixel8 }, width, [.. values.Select(value => new L8(value))]);

    /// <summary>A PNG file with one more chunk after its header.</summary>
    public static byte[] WithChunk(byte[] png, string type, params byte[] data) => [.. png[..33], .. Chunk(type, data), .. png[33..]];

    /// <summary>A PNG file whose header claims another size; its checksum is right.</summary>
    public static byte[] WithSize(byte[] png, int width, int height)
    {
        var header = png[16..29];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        return [.. png[..8], .. Chunk("IHDR", header), .. png[33..]];
    }

    /// <summary>A JPEG file with an EXIF segment that says how it lies.</summary>
    public static byte[] WithExif(byte[] jpeg, int orientation)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Exif(orientation)];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    /// <summary>EXIF data with the one tag that says how a picture lies.</summary>
    public static byte[] Exif(int orientation) => [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(named.Length + 4), Crc32.HashToUInt32(named));
        return chunk;
    }
}
