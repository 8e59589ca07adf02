using System.IO.Compression;
using System.IO.Hashing;

namespace MedTransfer.Data.Formats;

/// <summary>An unpacked entry of an archive with its checksum (CRC-32, which the framework leaves unchecked) taken on the way.</summary>
internal sealed class ZipEntryStream(ZipArchiveEntry entry) : Stream
{
    private readonly Stream unpacked = entry.Open();
    private readonly Crc32 checksum = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Length;

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var read = unpacked.Read(buffer);
        checksum.Append(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Fails unless the entry ends here with the checksum that the archive gives.</summary>
    public void CheckEnd()
    {
        if (ReadByte() >= 0) throw new InvalidDataException("more bytes than the archive says");
        if (checksum.GetCurrentHashAsUInt32() != entry.Crc32) throw new InvalidDataException("its checksum (CRC-32) is wrong");
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacked.Dispose();
        base.Dispose(disposing);
    }
}
