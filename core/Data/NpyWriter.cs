using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedTransfer.Runtime;

namespace MedTransfer.Data;

/// <summary>Writes arrays as NPY 1.0, little endian, C order: the form every reader knows.</summary>
public static class NpyWriter
{
    /// <summary>Writes (rows, columns) as <c>float32</c>; the file appears whole or not at all.</summary>
    public static void Write(string path, float[,] matrix) => WholeFile.Write(path, stream => Write(stream, matrix));

    /// <summary>Writes an array of any rank whose elements are bool, 8- to 64-bit integers, Half, float or double.</summary>
    public static void Write(Stream stream, Array array)
    {
        stream.Write(NpyHeader.Write(Descr(array), Enumerable.Range(0, array.Rank).Select(array.GetLength)));
        var (done, size) = (0L, array.LongLength * ElementSize(array));
        ref var first = ref MemoryMarshal.GetArrayDataReference(array);
        while (done < size)
        {
            var part = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref first, (nint)done), (int)Math.Min(size - done, 1 << 20));
            stream.Write(part);
            done += part.Length;
        }
    }

    private static int ElementSize(Array array) => Descr(array)[2] - '0';

    private static string Descr(Array array) => array.GetType().GetElementType() switch
    {
        var type when type == typeof(bool) => "|b1",
        var type when type == typeof(byte) => "|u1",
        var type when type == typeof(sbyte) => "|i1",
        var type when type == typeof(ushort) => "<u2",
        var type when type == typeof(short) => "<i2",
        var type when type == typeof(uint) => "<u4",
        var type when type == typeof(int) => "<i4",
        var type when type == typeof(ulong) => "<u8",
        var type when type == typeof(long) => "<i8",
        var type when type == typeof(Half) => "<f2",
        var type when type == typeof(float) => "<f4",
        var type when type == typeof(double) => "<f8",
        var type => throw new ArgumentException($"elements of type {type} have no NPY form", nameof(array)),
    };
}
