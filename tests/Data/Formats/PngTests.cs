using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FsCheck.Xunit;
using MedTransfer.Data.Formats;

namespace MedTransfer.Tests.Data.Formats;

public sealed class PngTests
{
    // Python 3.11: zlib.crc32(b"IEND") == 0xAE426082
    [Fact]
    public void File_begins_with_the_signature_and_ends_with_the_last_chunk()
    {
        var png = Png.Encode([0], width: 1, height: 1, channels: 1);

        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        Assert.Equal([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], png[^12..]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public void Header_gives_width_height_depth_and_colour(int channels, byte colour)
    {
        var png = Png.Encode(new byte[5 * 2 * channels], width: 5, height: 2, channels);

        Assert.Equal([0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 5, 0, 0, 0, 2, 8, colour, 0, 0, 0], png[8..29]);
    }

    [Property(MaxTest = 50)]
    public void Rows_come_back(byte width, byte height, bool isGrey, byte[] values)
    {
        var (columns, rows, channels) = (width % 9 + 1, height % 9 + 1, isGrey ? 1 : 3);
        var pixels = Enumerable.Range(0, columns * rows * channels)
            .Select(place => values.Length == 0 ? (byte)place : values[place % values.Length]).ToArray();

        var unpacked = Unpack(Png.Encode(pixels, columns, rows, channels));

        var read = unpacked.Chunk(columns * channels + 1).ToArray();
        Assert.Equal(rows, read.Length);
        Assert.All(read, row => Assert.Equal(0, row[0]));
        Assert.Equal(pixels, read.SelectMany(row => row[1..]));
    }

    [Theory]
    [InlineData(3, 1, 1, 1)]
    [InlineData(4, 2, 2, 2)]
    [InlineData(0, 0, 1, 1)]
    public void Values_that_are_no_such_picture_are_refused(int values, int width, int height, int channels) =>
        Assert.ThrowsAny<ArgumentException>(() => Png.Encode(new byte[values], width, height, channels));

    // The one IDAT chunk, unpacked.
    private static byte[] Unpack(byte[] png)
    {
        const int start = 8 + 12 + 13;
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(start));
        Assert.Equal("IDAT", Encoding.ASCII.GetString(png, start + 4, 4));
        using var zlib = new ZLibStream(new MemoryStream(png, start + 8, length), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        zlib.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
