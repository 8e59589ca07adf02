using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MedTransfer.Tests.Data.Import.Dicom;

/// <summary>A DICOM file written byte by byte, element after element in the order of their tags.</summary>
internal sealed class DicomBytes
{
    public const string Implicit = "1.2.840.10008.1.2";
    public const string Explicit = "1.2.840.10008.1.2.1";
    public const string Deflated = "1.2.840.10008.1.2.1.99";
    public const string BigEndian = "1.2.840.10008.1.2.2";
    public const string Baseline = "1.2.840.10008.1.2.4.50";
    public const string Extended = "1.2.840.10008.1.2.4.51";
    public const string Lossless = "1.2.840.10008.1.2.4.57";
    public const string LosslessFirstOrder = "1.2.840.10008.1.2.4.70";
    public const string JpegLs = "1.2.840.10008.1.2.4.80";
    public const string Jpeg2000 = "1.2.840.10008.1.2.4.90";
    public const string RunLength = "1.2.840.10008.1.2.5";

    private readonly SortedDictionary<uint, (string Representation, Func<Writer, byte[]> Value, bool HasLength)> elements = [];

    /// <summary>A grey image of these stored values, of 16 bits.</summary>
    public static DicomBytes Grey(int columns, params int[] cells) => Image(columns, 16, cells);

    /// <summary>A MONOCHROME2 image whose samples take so many bits.</summary>
    public static DicomBytes Image(int columns, int bits, params int[] cells) => Of("MONOCHROME2", columns, cells.Length / columns, bits).Pixels(bits, cells);

    /// <summary>An image of 8-bit colours.</summary>
    public static DicomBytes Colours(string photometric, int columns, int rows, params byte[] bytes) =>
        Of(photometric, columns, rows, 8).Us(0x0028_0002, 3).Us(0x0028_0006, 0).Bytes(0x7FE0_0010, "OB", bytes);

    /// <summary>The tags of an image, without its pixels.</summary>
    public static DicomBytes Of(string photometric, int columns, int rows, int bits) => new DicomBytes()
        .Text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7")
        .Text(0x0010_0020, "LO", "P1")
        .Text(0x0020_000D, "UI", "1.2.3")
        .Us(0x0028_0002, 1)
        .Text(0x0028_0004, "CS", photometric)
        .Us(0x0028_0010, rows)
        .Us(0x0028_0011, columns)
        .Us(0x0028_0100, bits)
        .Us(0x0028_0101, bits)
        .Us(0x0028_0102, bits - 1)
        .Us(0x0028_0103, 0);

    public DicomBytes Text(uint tag, string representation, string value) => Bytes(tag, representation, Encoding.Latin1.GetBytes(value));

    public DicomBytes Us(uint tag, params int[] values) => Words(tag, "US", values);

    public DicomBytes Words(uint tag, string representation, params int[] values) =>
        Add(tag, representation, writer => [.. values.SelectMany(value => writer.UInt16((ushort)value))]);

    public DicomBytes Bytes(uint tag, string representation, params byte[] value) => Add(tag, representation, _ => value);

    /// <summary>Native pixels.</summary>
    public DicomBytes Pixels(int bits, params int[] cells) => Add(0x7FE0_0010, "OW", writer => bits switch
    {
        8 => writer.IsBigEndian ? Swapped([.. cells.Select(cell => (byte)cell)]) : [.. cells.Select(cell => (byte)cell)],
        16 => [.. cells.SelectMany(cell => writer.UInt16((ushort)cell))],
        _ => [.. cells.SelectMany(cell => writer.UInt32((uint)cell))],
    });

    /// <summary>Pixels in fragments after an offset table, which may be empty.</summary>
    public DicomBytes Fragments(uint[] offsets, params byte[][] fragments) => Add(0x7FE0_0010, "OB", writer =>
    [
        .. writer.Item([.. offsets.SelectMany(writer.UInt32)]),
        .. fragments.SelectMany(fragment => writer.Item(Even(fragment))),
        .. writer.Tag(0xFFFE_E0DD), 0, 0, 0, 0,
    ], hasLength: false);

    /// <summary>A sequence, with or without the lengths of itself and its items.</summary>
    public DicomBytes Sequence(uint tag, bool hasLength, params DicomBytes[] items) => Add(tag, "SQ", writer =>
    [
        .. items.SelectMany<DicomBytes, byte>(item => hasLength
            ? writer.Item(item.DataSet(writer))
            : [.. writer.Tag(0xFFFE_E000), .. writer.UInt32(uint.MaxValue), .. item.DataSet(writer), .. writer.Tag(0xFFFE_E00D), 0, 0, 0, 0]),
        .. hasLength ? [] : (byte[])[.. writer.Tag(0xFFFE_E0DD), 0, 0, 0, 0],
    ], hasLength);

    public DicomBytes Add(uint tag, string representation, Func<Writer, byte[]> value, bool hasLength = true)
    {
        elements[tag] = (representation, value, hasLength);
        return this;
    }

    public DicomBytes Without(uint tag)
    {
        elements.Remove(tag);
        return this;
    }

    /// <summary>The file: preamble, meta information, data set.</summary>
    public byte[] File(string syntax = Explicit)
    {
        var writer = new Writer(syntax != Implicit, syntax == BigEndian);
        var dataSet = DataSet(writer);
        if (syntax == Deflated)
        {
            using var packed = new MemoryStream();
            using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal)) deflate.Write(dataSet);
            dataSet = packed.ToArray();
        }
        return [.. new byte[128], .. "DICM"u8, .. Meta(syntax), .. dataSet];
    }

    public static byte[] Meta(string syntax)
    {
        var elements = new DicomBytes().Text(0x0002_0010, "UI", syntax).DataSet(new Writer(true, false));
        return [2, 0, 0, 0, .. "UL"u8, 4, 0, .. new Writer(true, false).UInt32((uint)elements.Length), .. elements];
    }

    public byte[] DataSet(Writer writer) => [.. elements.SelectMany(pair => writer.Element(pair.Key, pair.Value.Representation, pair.Value.Value(writer), pair.Value.HasLength))];

    private static byte[] Even(byte[] value) => value.Length % 2 == 0 ? value : [.. value, 0];

    private static byte[] Swapped(byte[] bytes) => [.. Even(bytes).Chunk(2).SelectMany(pair => pair.Reverse())];

    /// <summary>How elements are written in a transfer syntax.</summary>
    internal sealed record Writer(bool IsExplicit, bool IsBigEndian)
    {
        public byte[] UInt16(ushort value)
        {
            var bytes = new byte[2];
            if (IsBigEndian) BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
            else BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            return bytes;
        }

        public byte[] UInt32(uint value)
        {
            var bytes = new byte[4];
            if (IsBigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            return bytes;
        }

        public byte[] Tag(uint tag) => [.. UInt16((ushort)(tag >> 16)), .. UInt16((ushort)tag)];

        public byte[] Item(byte[] value) => [.. Tag(0xFFFE_E000), .. UInt32((uint)value.Length), .. value];

        public byte[] Element(uint tag, string representation, byte[] value, bool hasLength)
        {
            var padded = value.Length % 2 == 0 ? value : [.. value, (byte)(representation is "UI" or "OB" ? 0 : ' ')];
            var length = hasLength ? (uint)padded.Length : uint.MaxValue;
            var isLong = representation is "OB" or "OW" or "SQ" or "UN" or "UT";
            byte[] head = !IsExplicit ? UInt32(length)
                : [.. Encoding.ASCII.GetBytes(representation), .. isLong ? (byte[])[0, 0, .. UInt32(length)] : UInt16((ushort)length)];
            return [.. Tag(tag), .. head, .. padded];
        }
    }

    /// <summary>As decimal strings are written.</summary>
    public DicomBytes Ds(uint tag, params double[] values) =>
        Text(tag, "DS", string.Join('\\', values.Select(value => value.ToString(CultureInfo.InvariantCulture))));
}
