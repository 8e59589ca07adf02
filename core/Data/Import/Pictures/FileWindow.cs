using System.Buffers.Binary;

namespace MedTransfer.Data.Import.Pictures;

/// <summary>A file's bytes by their place, 64 KiB at a time, so that a header is read without the rest of a large file.</summary>
/// <param name="path">What messages call the file.</param>
internal sealed class FileWindow(string path, Stream file)
{
    private readonly byte[] window = new byte[1 << 16];
    private long start;
    private int filled;

    public string Path => path;

    public long Length { get; } = file.Length;

    /// <summary>The bytes at a place; valid until the next are asked for.</summary>
    /// <param name="count">At most 64 KiB.</param>
    /// <exception cref="EndOfStreamException">The file has fewer.</exception>
    public ReadOnlySpan<byte> At(long place, int count)
    {
        if (place < 0 || place > Length - count) throw new EndOfStreamException();
        if (place < start || place + count > start + filled)
        {
            file.Position = start = place;
            filled = 0;
            filled = file.ReadAtLeast(window, count);
        }
        return window.AsSpan((int)(place - start), count);
    }

    /// <summary>As many bytes as the file has from a place on, at most 4 KiB; none beyond its end.</summary>
    public ReadOnlySpan<byte> From(long place) => place >= Length ? [] : At(place, (int)Math.Min(4096, Length - place));

    public byte Byte(long place) => At(place, 1)[0];

    public ushort UInt16(long place, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(At(place, 2)) : BinaryPrimitives.ReadUInt16LittleEndian(At(place, 2));

    public uint UInt32(long place, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(At(place, 4)) : BinaryPrimitives.ReadUInt32LittleEndian(At(place, 4));

    public ulong UInt64(long place, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(At(place, 8)) : BinaryPrimitives.ReadUInt64LittleEndian(At(place, 8));

    /// <summary>An error about this file.</summary>
    /// <param name="what">Follows the path and a colon: <c>is ...: do ...</c>.</param>
    public MedTransferException Refusal(string what) => new($"{path}: {what}");

    /// <summary>An error about bytes that no writer would have made.</summary>
    /// <param name="reason">Follows "is damaged", in brackets.</param>
    public MedTransferException Damage(string reason) => Refusal($"is damaged ({reason}): copy or download it again");
}
