using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedTransfer.Runtime;

namespace MedTransfer.Data.Formats;

/// <summary>Writes arrays as NPY 1.0, little endian, C order: the form every reader knows.</summary>
public static class NpyWriter
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Writes (rows, columns) as <c>float32</c>; the file appears whole or not at all.</summary>
    public static void Write(string path, float[,] matrix) => WholeFile.Write(path, stream => Write(stream, matrix));

    /// <summary>Writes an array of any rank whose elements are bool, 8- to 64-bit integers, float or double.</summary>
    public static void Write(Stream stream, Array array)
    {
        var shape = Enumerable.Range(0, array.Rank).Select(array.GetLongLength);
        var header = new NpyHeader(TypeOf(array), FortranOrder: false, [.. shape]);
        stream.Write(header.ToBytes());
        ref var first = ref MemoryMarshal.GetArrayDataReference(array);
        for (var done = 0L; done < header.DataBytes;)
        {
            var length = (int)Math.Min(header.DataBytes - done, ChunkBytes);
            stream.Write(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref first, (nint)done), length));
            done += length;
        }
    }

    /// <summary>Writes the header of a uint8 array, whose bytes the caller writes next, in C order.</summary>
    internal static void WriteHeader(Stream stream, params IReadOnlyList<long> shape) =>
        stream.Write(new NpyHeader(new(NpyKind.UnsignedInteger, 1, BigEndian: false), FortranOrder: false, [.. shape]).ToBytes());

    private static NpyType TypeOf(Array array) => Type.GetTypeCode(array.GetType().GetElementType()) switch
    {
        TypeCode.Boolean => new(NpyKind.Boolean, 1, BigEndian: false),
        TypeCode.SByte => new(NpyKind.SignedInteger, 1, BigEndian: false),
        TypeCode.Int16 => new(NpyKind.SignedInteger, 2, BigEndian: false),
        TypeCode.Int32 => new(NpyKind.SignedInteger, 4, BigEndian: false),
        TypeCode.Int64 => new(NpyKind.SignedInteger, 8, BigEndian: false),
        TypeCode.Byte => new(NpyKind.UnsignedInteger, 1, BigEndian: false),
        TypeCode.UInt16 => new(NpyKind.UnsignedInteger, 2, BigEndian: false),
        TypeCode.UInt32 => new(NpyKind.UnsignedInteger, 4, BigEndian: false),
        TypeCode.UInt64 => new(NpyKind.UnsignedInteger, 8, BigEndian: false),
        TypeCode.Single => new(NpyKind.FloatingPoint, 4, BigEndian: false),
        TypeCode.Double => new(NpyKind.FloatingPoint, 8, BigEndian: false),
        _ => throw new ArgumentException($"elements of type {array.GetType().GetElementType()} have no NPY form", nameof(array)),
    };
}
