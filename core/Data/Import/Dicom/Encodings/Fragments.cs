using System.Buffers.Binary;

namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>Encapsulated pixel data (PS3.5 A.4): an offset table, then fragments, of which a frame takes one or more.</summary>
internal static class Fragments
{
    private const uint MostBytes = 1 << 30;

    /// <summary>The bytes of a frame, its fragments joined.</summary>
    /// <param name="frame">From 1.</param>
    public static byte[] ReadFrame(DicomStream stream, int frames, int frame)
    {
        var offsets = OffsetTable(stream);
        var fragments = List(stream);
        if (fragments.Count == 0) throw DicomException.TruncatedPixels();
        var own = frames == 1 ? fragments : OfFrame(stream, fragments, offsets, frames, frame);
        var length = own.Sum(fragment => fragment.Length);
        if (length > MostBytes) throw new DicomException("has more packed bytes in a frame than are read (1 GB): leave it out, or save a smaller one");
        var bytes = new byte[length];
        var filled = 0;
        foreach (var fragment in own)
        {
            stream.Position = fragment.Position;
            stream.ReadBytes(fragment.Length).CopyTo(bytes, filled);
            filled += (int)fragment.Length;
        }
        return bytes;
    }

    private static uint[] OffsetTable(DicomStream stream)
    {
        var (tag, length) = (stream.ReadTag(), stream.ReadUInt32());
        if (tag != DicomTag.Item || length > MostBytes) throw DicomException.DamagedPixels("encapsulated");
        var table = stream.ReadBytes(length);
        var offsets = new uint[table.Length / 4];
        for (var i = 0; i < offsets.Length; i++) offsets[i] = BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(4 * i));
        return offsets;
    }

    private static List<Fragment> List(DicomStream stream)
    {
        var first = stream.Position;
        List<Fragment> fragments = [];
        // some programs leave the delimiter out at the end of a file
        while (stream.TryReadTag(out var tag))
        {
            var length = stream.ReadUInt32();
            if (tag == DicomTag.SequenceEnd) break;
            if (tag != DicomTag.Item) throw DicomException.DamagedPixels("encapsulated");
            if (!stream.Has(length)) throw DicomException.TruncatedPixels();
            fragments.Add(new Fragment(stream.Position - 8 - first, stream.Position, length));
            stream.Skip(length);
        }
        return fragments;
    }

    /// <summary>By the offset table; without one a fragment is a frame, or begins one where a codestream begins.</summary>
    private static List<Fragment> OfFrame(DicomStream stream, List<Fragment> fragments, uint[] offsets, int frames, int frame)
    {
        List<int> starts;
        if (offsets.Length == frames) starts = [.. offsets.Select(offset => fragments.FindIndex(fragment => fragment.Offset == offset))];
        else if (fragments.Count == frames) starts = [.. Enumerable.Range(0, frames)];
        else starts = [.. Enumerable.Range(0, fragments.Count).Where(i => BeginsCodestream(stream, fragments[i]))];
        if (starts.Count != frames || starts.Contains(-1)) throw DicomException.Contradiction("does not say in which fragments its frames are");
        var end = frame < frames ? starts[frame] : fragments.Count;
        return end > starts[frame - 1] ? fragments[starts[frame - 1]..end] : throw DicomException.Contradiction("has frames without fragments");
    }

    /// <summary>Whether it starts as JPEG and JPEG-LS (SOI) or JPEG 2000 (SOC) do.</summary>
    private static bool BeginsCodestream(DicomStream stream, Fragment fragment)
    {
        if (fragment.Length < 2) return false;
        stream.Position = fragment.Position;
        return stream.Next(2) is [0xFF, 0xD8 or 0x4F];
    }

    /// <param name="Offset">From the first fragment's tag, as the offset table counts.</param>
    /// <param name="Position">Of its first byte, in the file.</param>
    private readonly record struct Fragment(long Offset, long Position, uint Length);
}
