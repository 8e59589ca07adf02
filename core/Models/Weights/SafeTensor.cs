namespace MedTransfer.Models.Weights;

/// <summary>An array as a safetensors file holds it.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Length of each dimension, 0 or more; empty for a scalar.</param>
/// <param name="Data">The elements, row-major and little-endian: the product of the shape times the size of an element, in bytes.</param>
public sealed record SafeTensor(SafeTensorType Type, long[] Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>More than any library computes with; a bound on what a forged header can ask for.</summary>
    public const int MaxDimensions = 64;

    /// <inheritdoc cref="SafeTensor" path="/param[@name='Data']"/>
    public ReadOnlyMemory<byte> Data { get; } = Data.Length == BytesOf(Type, Shape)
        ? Data
        : throw new ArgumentException($"{Data.Length} bytes are not those of a {Type} of shape [{string.Join(", ", Shape)}]", nameof(Data));

    /// <summary>Bytes of an element.</summary>
    public static int SizeOf(SafeTensorType type) => type switch
    {
        SafeTensorType.Bool or SafeTensorType.U8 or SafeTensorType.I8 => 1,
        SafeTensorType.I16 or SafeTensorType.U16 or SafeTensorType.F16 or SafeTensorType.BF16 => 2,
        SafeTensorType.I32 or SafeTensorType.U32 or SafeTensorType.F32 => 4,
        SafeTensorType.F64 or SafeTensorType.I64 or SafeTensorType.U64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Bytes of an array; null where a dimension is negative, there are too many, or the number does not fit in 63 bits.</summary>
    internal static long? BytesOf(SafeTensorType type, ReadOnlySpan<long> shape)
    {
        if (shape.Length > MaxDimensions)
            return null;

        Int128 bytes = SizeOf(type);
        foreach (var length in shape)
        {
            bytes *= length;
            if (length < 0 || bytes > long.MaxValue)
                return null;
        }

        return (long)bytes;
    }
}

/// <summary>
/// Element types of safetensors files, named in them in capitals, in the format's own order: by size, within a size by this list.
/// The types of eight bits and fewer that only accelerators compute with are left out.
/// </summary>
public enum SafeTensorType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned integer of 8 bits.</summary>
    U8,

    /// <summary>Signed integer of 8 bits.</summary>
    I8,

    /// <summary>Signed integer of 16 bits.</summary>
    I16,

    /// <summary>Unsigned integer of 16 bits.</summary>
    U16,

    /// <summary>IEEE 754 half precision, 16 bits.</summary>
    F16,

    /// <summary>The upper 16 bits of an <see cref="F32"/>.</summary>
    BF16,

    /// <summary>Signed integer of 32 bits.</summary>
    I32,

    /// <summary>Unsigned integer of 32 bits.</summary>
    U32,

    /// <summary>IEEE 754 single precision, 32 bits.</summary>
    F32,

    /// <summary>IEEE 754 double precision, 64 bits.</summary>
    F64,

    /// <summary>Signed integer of 64 bits.</summary>
    I64,

    /// <summary>Unsigned integer of 64 bits.</summary>
    U64,
}
