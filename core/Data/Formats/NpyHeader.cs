using System.Buffers.Binary;
using System.Text;

namespace MedTransfer.Data.Formats;

/// <summary>What an NPY array's header says, versions 1 to 3 (NumPy Enhancement Proposal 1 and its amendments).</summary>
/// <param name="FortranOrder">True where the first index varies fastest.</param>
/// <param name="Shape">Elements along each axis; empty for a single number.</param>
public sealed record NpyHeader(NpyType Type, bool FortranOrder, IReadOnlyList<long> Shape)
{
    // NumPy itself refuses headers above 10,000 characters unless told otherwise: a plain array needs about 100.
    private const int LongestHeader = 1 << 16;
    private const int MostAxes = 64;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes from the start of the array's file to its first element.</summary>
    public int Length { get; private init; }

    /// <summary>Elements in all.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (count, axis) => count * axis);

    /// <summary>Bytes that the elements take.</summary>
    public long DataBytes => Count * Type.Size;

    /// <summary>The shape as Python writes it: <c>(3, 28, 28)</c>.</summary>
    public string ShapeText => $"({string.Join(", ", Shape)}{(Shape.Count == 1 ? "," : "")})";

    /// <summary>Reads a header from the start of a stream, which is then at the first element.</summary>
    /// <param name="where">File and key, for messages.</param>
    /// <param name="role">What the array is for: text is refused but for labels.</param>
    internal static NpyHeader Read(Stream stream, string where, ArrayRole role)
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..10]);
        if (!start.StartsWith(Magic))
            throw new MedTransferException($"{where}: not an NPY array (it does not begin with \\x93NUMPY); save it with numpy.save");

        var version = start[6];
        if (version is < 1 or > 3)
            throw new MedTransferException($"{where}: NPY version {version}.{start[7]} is unknown; save it with numpy.save");
        if (version > 1) stream.ReadExactly(start[10..]);
        var (prefix, length) = version == 1
            ? (10, BinaryPrimitives.ReadUInt16LittleEndian(start[8..]))
            : (12, BinaryPrimitives.ReadUInt32LittleEndian(start[8..]));
        if (length > LongestHeader)
            throw new MedTransferException($"{where}: a header of {length} bytes, {LongestHeader} at most are read; the file is damaged or not a plain array");

        var text = new byte[length];
        stream.ReadExactly(text);
        var encoding = version == 3 ? Encoding.UTF8 : Encoding.Latin1;
        var header = new NpyHeaderText(encoding.GetString(text), where, role).Parse();
        CheckSize(header, where);
        return header with { Length = prefix + (int)length };
    }

    /// <summary>The bytes of a version 1.0 header, padded as NumPy does so that the elements begin at a multiple of 64.</summary>
    internal byte[] ToBytes()
    {
        var text = $"{{'descr': '{Type.Descr}', 'fortran_order': {FortranOrder}, 'shape': {ShapeText}, }}";
        var length = (Magic.Length + 4 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        (bytes[6], bytes[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)(length - 10)));
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    // A header can claim any shape: the product is taken where it cannot overflow.
    private static void CheckSize(NpyHeader header, string where)
    {
        if (header.Shape.Count > MostAxes)
            throw new MedTransferException($"{where}: {header.Shape.Count} axes, {MostAxes} at most are possible; the file is damaged");
        if (header.Shape.Contains(0)) return;
        Int128 bytes = header.Type.Size;
        foreach (var axis in header.Shape)
        {
            bytes *= axis;
            if (bytes > long.MaxValue)
                throw new MedTransferException($"{where}: the header claims more elements than any file can hold; the file is damaged");
        }
    }
}
