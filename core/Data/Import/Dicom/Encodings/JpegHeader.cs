using System.Buffers.Binary;

namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>What stands before the first scan of a codestream (ITU-T T.81, annex B).</summary>
/// <param name="Process">The marker of its frame header: C0 baseline, C1 extended, C2 progressive, C3 lossless; JPEG-LS has F7.</param>
/// <param name="Precision">Bits of a sample.</param>
/// <param name="Components">Of a pixel, with their sampling factors.</param>
internal sealed record JpegHeader(byte Process, int Precision, int Rows, int Columns, IReadOnlyList<JpegComponent> Components)
{
    public const byte Lossless = 0xC3;

    /// <summary>Whether it has the marker of a JFIF file, whose colours are always YCbCr.</summary>
    public bool IsJfif { get; init; }

    /// <summary>Where Adobe's segments (APP14), which say what the colours are, begin and end; empty where there are none.</summary>
    public IReadOnlyList<Range> Adobe { get; init; } = [];

    /// <summary>Lossless with Huffman codes, and processes of the cosine transform with eight bits and Huffman codes.</summary>
    public bool IsReadHere => Process == Lossless || (Process is 0xC0 or 0xC1 or 0xC2 && Precision == 8);

    public static JpegHeader Read(byte[] codestream)
    {
        var (position, isJfif) = (JpegSegment.First(codestream), false);
        List<Range> adobe = [];
        while (JpegSegment.TryRead(codestream, ref position) is { } segment)
        {
            var payload = segment.Payload(codestream);
            if (segment.IsFrameHeader) return Frame(segment.Marker, payload) with { IsJfif = isJfif, Adobe = adobe };
            if (segment.Marker == 0xE0 && payload.StartsWith("JFIF\0"u8)) isJfif = true;
            if (segment.Marker == 0xEE && payload.StartsWith("Adobe"u8)) adobe.Add((segment.Start - 4)..(segment.Start + segment.Length));
            if (segment.Marker is JpegSegment.StartOfScan or JpegSegment.EndOfImage) break;
        }
        throw DicomException.DamagedPixels("JPEG");
    }

    /// <summary>Fails where its size is not that of the tags.</summary>
    public void Check(ImagePixels image)
    {
        if (Rows != image.Rows || Columns != image.Columns || Components.Count != image.Samples || Precision > image.BitsAllocated)
            throw DicomException.Contradiction("its JPEG has another size, or other samples, than its tags say");
    }

    private static JpegHeader Frame(byte process, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 6 || payload.Length < 6 + (3 * payload[5])) throw DicomException.DamagedPixels("JPEG");
        var components = new JpegComponent[payload[5]];
        for (var i = 0; i < components.Length; i++)
        {
            var three = payload.Slice(6 + (3 * i), 3);
            components[i] = new JpegComponent(three[0], three[1] >> 4, three[1] & 15);
        }
        return new JpegHeader(process, payload[0], BinaryPrimitives.ReadUInt16BigEndian(payload[1..]), BinaryPrimitives.ReadUInt16BigEndian(payload[3..]), components);
    }
}

/// <param name="Id">What scans call it.</param>
/// <param name="Horizontal">Sampling factor.</param>
/// <param name="Vertical">Sampling factor.</param>
internal readonly record struct JpegComponent(byte Id, int Horizontal, int Vertical);

/// <summary>A marker segment of a codestream.</summary>
/// <param name="Marker">Its second byte.</param>
/// <param name="Start">Where what follows its length begins.</param>
/// <param name="Length">Bytes of that.</param>
internal readonly record struct JpegSegment(byte Marker, int Start, int Length)
{
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte HuffmanTables = 0xC4;
    public const byte RestartInterval = 0xDD;

    public bool IsFrameHeader => Marker is >= 0xC0 and <= 0xCF and not (HuffmanTables or 0xC8 or 0xCC) or 0xF7;

    public ReadOnlySpan<byte> Payload(byte[] codestream) => codestream.AsSpan(Start, Length);

    /// <summary>Where the first segment begins.</summary>
    public static int First(byte[] codestream) => codestream is [0xFF, 0xD8, ..] ? 2 : throw DicomException.DamagedPixels("JPEG");

    /// <summary>The segment at a place, which moves past it; null where the codestream ends.</summary>
    public static JpegSegment? TryRead(byte[] codestream, ref int position)
    {
        if (position + 1 >= codestream.Length) return null;
        if (codestream[position] != 0xFF) throw DicomException.DamagedPixels("JPEG");
        // any number of FF may stand before a marker
        while (position + 1 < codestream.Length && codestream[position + 1] == 0xFF) position++;
        if (position + 1 >= codestream.Length) return null;
        var marker = codestream[position + 1];
        if (marker == EndOfImage)
        {
            position += 2;
            return new JpegSegment(marker, position, 0);
        }
        if (position + 4 > codestream.Length) return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(codestream.AsSpan(position + 2));
        var start = position + 4;
        if (length < 2) throw DicomException.DamagedPixels("JPEG");
        if (start + length - 2 > codestream.Length) throw DicomException.TruncatedPixels();
        position = start + length - 2;
        return new JpegSegment(marker, start, length - 2);
    }
}
