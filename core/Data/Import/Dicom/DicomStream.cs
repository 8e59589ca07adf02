using System.Buffers.Binary;

namespace MedTransfer.Data.Import.Dicom;

/// <summary>Bytes of a data set in order, from a file or from what a deflated one unpacks to; never more in memory than there are.</summary>
/// <param name="stream">Stands at the data set's first byte, or before it in a file.</param>
/// <param name="end">Where it ends; of a deflated data set the most that it may unpack to.</param>
internal sealed class DicomStream(Stream stream, long end)
{
    // a blank image may well unpack to a thousand times as much: bytes are taken as they come, never by what a tag says
    private const int Chunk = 1 << 20;

    private readonly byte[] small = new byte[8];
    private long position = stream.CanSeek ? stream.Position : 0;

    public bool IsBigEndian { get; set; }

    public long Position
    {
        get => position;
        set => position = stream.Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Whether it can be gone back in: not in what is deflated.</summary>
    public bool CanSeek => stream.CanSeek;

    /// <summary>Whether so many bytes follow; of a deflated data set, whether they may.</summary>
    public bool Has(long count) => count <= end - position;

    /// <summary>The next tag, false where the data set ends before it.</summary>
    public bool TryReadTag(out uint tag)
    {
        tag = 0;
        var read = Fill(small.AsSpan(0, 4));
        if (read == 0) return false;
        if (read < 4) throw new EndOfStreamException();
        tag = ((uint)Whole16(small) << 16) | Whole16(small.AsSpan(2));
        return true;
    }

    public uint ReadTag() => TryReadTag(out var tag) ? tag : throw new EndOfStreamException();

    public ushort ReadUInt16() => Whole16(Next(2));

    public uint ReadUInt32()
    {
        var bytes = Next(4);
        return IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>The next few bytes, good until more are read.</summary>
    public ReadOnlySpan<byte> Next(int count)
    {
        var bytes = small.AsSpan(0, count);
        return Fill(bytes) == count ? bytes : throw new EndOfStreamException();
    }

    public byte[] ReadBytes(long count)
    {
        CheckHas(count);
        if (stream.CanSeek || count <= Chunk)
        {
            var bytes = new byte[count];
            return Fill(bytes) == count ? bytes : throw new EndOfStreamException();
        }
        using var grown = new MemoryStream();
        var chunk = new byte[Chunk];
        while (grown.Length < count)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(Chunk, count - grown.Length));
            if (Fill(part) < part.Length) throw new EndOfStreamException();
            grown.Write(part);
        }
        return grown.ToArray();
    }

    public void Skip(long count)
    {
        CheckHas(count);
        if (stream.CanSeek)
        {
            Position += count;
            return;
        }
        var chunk = new byte[Math.Min(Chunk, count)];
        for (var left = count; left > 0;)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, left));
            if (Fill(part) < part.Length) throw new EndOfStreamException();
            left -= part.Length;
        }
    }

    private void CheckHas(long count)
    {
        if (Has(count)) return;
        throw stream.CanSeek ? new EndOfStreamException() : new DicomException("unpacks to far more than an image would, it is damaged or made to do harm: leave it out");
    }

    private int Fill(Span<byte> target)
    {
        try
        {
            var read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            position += read;
            return read;
        }
        catch (InvalidDataException error)
        {
            throw new DicomException("its deflated data set cannot be unpacked: copy or download it again", error);
        }
    }

    private ushort Whole16(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
