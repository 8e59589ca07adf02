using System.Numerics;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Data.Import.Pictures;

/// <summary>What is made of a picture's unpacked pixels: upright, grey where every pixel is, without transparency.</summary>
internal static class PicturePixels
{
    /// <summary>The picture's values as the file has them, of each channel 0 to 255, or to 65,535.</summary>
    /// <typeparam name="TPixel">Channels of type <typeparamref name="TValue"/> beside each other: one, three, or four of which the last is opacity.</typeparam>
    /// <typeparam name="TValue"><see cref="byte"/> or <see cref="ushort"/>.</typeparam>
    public static DecodedImage Of<TPixel, TValue>(Image<TPixel> image, PictureHeader header)
        where TPixel : unmanaged, IPixel<TPixel>
        where TValue : unmanaged, IBinaryInteger<TValue>, IMinMaxValue<TValue>
    {
        var stored = Marshal.SizeOf<TPixel>() / Marshal.SizeOf<TValue>();
        var facts = new Facts();
        Rows<TPixel, TValue>(image, (_, row) => facts.Note(row, stored));

        var channels = stored == 1 || facts.IsGrey ? 1 : 3;
        var (origin, right, down) = Places(image.Width, image.Height, header.Orientation);
        var values = new float[(long)image.Width * image.Height * channels];
        Rows<TPixel, TValue>(image, (y, row) =>
        {
            var place = (origin + y * down) * channels;
            for (var pixel = 0; pixel < row.Length; pixel += stored, place += right * channels)
            {
                for (var channel = 0; channel < channels; channel++) values[place + channel] = float.CreateTruncating(row[pixel + channel]);
            }
        });
        var isTurned = header.Orientation >= 5;
        return new DecodedImage(isTurned ? image.Height : image.Width, isTurned ? image.Width : image.Height, channels, values)
        {
            Range = typeof(TValue) == typeof(byte) ? new ValueRange(0, 255) : facts.IsEightBits ? new ValueRange(0, 65535) : null,
            Remarks = [.. Remarks(header, facts)],
        };
    }

    private static IEnumerable<string> Remarks(PictureHeader header, Facts facts)
    {
        if (header.Orientation != 1) yield return "was turned upright as its EXIF orientation says";
        if (header.IsCmyk) yield return "CMYK colours became red, green and blue without their profile";
        if (facts.IsTransparent) yield return "transparency was dropped, colours kept as stored";
        if (facts.IsInvisible) yield return "some pixels are fully transparent, and show what colour the file has there";
    }

    // Where the first stored pixel goes, and how far the next one to the right and the next one down, in pixels of the upright picture.
    private static (int Origin, int Right, int Down) Places(int width, int height, int orientation) => orientation switch
    {
        2 => (width - 1, -1, width),
        3 => (width * height - 1, -1, -width),
        4 => (width * (height - 1), 1, -width),
        5 => (0, height, 1),
        6 => (height - 1, height, -1),
        7 => (width * height - 1, -height, -1),
        8 => (height * (width - 1), -height, 1),
        _ => (0, 1, width),
    };

    private delegate void OnRow<TValue>(int y, ReadOnlySpan<TValue> row);

    private static void Rows<TPixel, TValue>(Image<TPixel> image, OnRow<TValue> act)
        where TPixel : unmanaged, IPixel<TPixel>
        where TValue : unmanaged => image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++) act(y, MemoryMarshal.Cast<TPixel, TValue>(rows.GetRowSpan(y)));
        });

    /// <summary>What is true of all pixels, or of one.</summary>
    private sealed class Facts
    {
        /// <summary>Red, green and blue are equal everywhere.</summary>
        public bool IsGrey { get; private set; } = true;

        /// <summary>Values of 16 bits are all of eight, times 257.</summary>
        public bool IsEightBits { get; private set; } = true;

        /// <summary>A pixel is not opaque.</summary>
        public bool IsTransparent { get; private set; }

        /// <summary>A pixel is not seen at all.</summary>
        public bool IsInvisible { get; private set; }

        public void Note<TValue>(ReadOnlySpan<TValue> row, int stored)
            where TValue : unmanaged, IBinaryInteger<TValue>, IMinMaxValue<TValue>
        {
            if (typeof(TValue) == typeof(ushort) && IsEightBits) IsEightBits = AreEightBits(MemoryMarshal.Cast<TValue, ushort>(row), stored);
            if (stored == 1) return;
            for (var pixel = 0; pixel < row.Length; pixel += stored)
            {
                if (row[pixel] != row[pixel + 1] || row[pixel] != row[pixel + 2]) IsGrey = false;
                if (stored == 3 || row[pixel + 3] == TValue.MaxValue) continue;
                IsTransparent = true;
                IsInvisible |= TValue.IsZero(row[pixel + 3]);
            }
        }

        private static bool AreEightBits(ReadOnlySpan<ushort> row, int stored)
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] >> 8 != (row[i] & 255) && (stored < 4 || i % 4 < 3)) return false;
            }
            return true;
        }
    }
}
