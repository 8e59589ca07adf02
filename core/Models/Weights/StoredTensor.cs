using System.Security.Cryptography;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Models.Weights;

/// <summary>Crossing between tensors and the arrays of weight files and checkpoints, to the bit: weights are floats, the counters of normalising layers whole numbers.</summary>
internal static class StoredTensor
{
    /// <summary>The values of a tensor, wherever it is.</summary>
    public static SafeTensor ToStored(this Tensor value)
    {
        using var scope = NewDisposeScope();
        var plain = value.detach().cpu().contiguous();
        return new SafeTensor(TypeOf(plain), plain.shape, plain.bytes.ToArray());
    }

    /// <summary>Appends the bytes that <see cref="ToStored"/> has, without a copy of them.</summary>
    public static void AppendTo(this Tensor value, IncrementalHash hash)
    {
        using var scope = NewDisposeScope();
        hash.AppendData(value.detach().cpu().contiguous().bytes);
    }

    /// <summary>Whether the stored values can take the place of those of a tensor.</summary>
    public static bool Fits(this SafeTensor stored, Tensor place) => stored.Type == TypeOf(place) && stored.Shape.SequenceEqual(place.shape);

    /// <summary>The stored values in place of those of a tensor that they fit, converted to its type.</summary>
    public static void CopyTo(this SafeTensor stored, Tensor place)
    {
        using var plain = stored.ToTensor();
        place.copy_(plain);
    }

    /// <summary>
    /// The stored weights of a convolution (to, from, rows, columns) in place of those of one that sees grey instead of colour, or colour instead
    /// of grey. Summed over the channels, they give of a grey image what they gave of that channel repeated; repeated and divided by their
    /// number, they give of a repeated channel what they gave of one: exactly so where pixels of all channels are scaled alike.
    /// </summary>
    public static void CopyChannelsTo(this SafeTensor stored, Tensor place)
    {
        using var scope = NewDisposeScope();
        var plain = stored.ToTensor().to(ScalarType.Float64);   // rounded once, at the end
        var channels = place.shape[1];
        place.copy_(channels == 1 ? plain.sum(1, keepdim: true) : plain.expand(place.shape).div(Scalars.Kept(channels)));
    }

    /// <summary>A tensor on the CPU with these values.</summary>
    public static Tensor ToTensor(this SafeTensor stored)
    {
        var plain = empty(stored.Shape, TypeOf(stored.Type));
        if (stored.Data.Length > 0)
            plain.bytes = stored.Data.ToArray();
        return plain;
    }

    /// <summary>The type of a tensor's elements in a file.</summary>
    /// <exception cref="NotSupportedException">The format has no such type.</exception>
    public static SafeTensorType TypeOf(Tensor value) => value.dtype switch
    {
        ScalarType.Bool => SafeTensorType.Bool,
        ScalarType.Byte => SafeTensorType.U8,
        ScalarType.Int8 => SafeTensorType.I8,
        ScalarType.Int16 => SafeTensorType.I16,
        ScalarType.Int32 => SafeTensorType.I32,
        ScalarType.Int64 => SafeTensorType.I64,
        ScalarType.Float16 => SafeTensorType.F16,
        ScalarType.BFloat16 => SafeTensorType.BF16,
        ScalarType.Float32 => SafeTensorType.F32,
        ScalarType.Float64 => SafeTensorType.F64,
        var other => throw new NotSupportedException($"A file of weights holds no {other}."),
    };

    private static ScalarType TypeOf(SafeTensorType type) => type switch
    {
        SafeTensorType.Bool => ScalarType.Bool,
        SafeTensorType.U8 => ScalarType.Byte,
        SafeTensorType.I8 => ScalarType.Int8,
        SafeTensorType.I16 => ScalarType.Int16,
        SafeTensorType.I32 => ScalarType.Int32,
        SafeTensorType.I64 => ScalarType.Int64,
        SafeTensorType.F16 => ScalarType.Float16,
        SafeTensorType.BF16 => ScalarType.BFloat16,
        SafeTensorType.F32 => ScalarType.Float32,
        SafeTensorType.F64 => ScalarType.Float64,
        _ => throw new NotSupportedException($"TorchSharp has no tensors of {type}."),
    };
}
