using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Tensors of a checkpoint, to the bit: weights and moments are floats, the counters of normalising layers whole numbers.</summary>
internal static class StoredTensor
{
    public static SafeTensor ToStored(this Tensor value)
    {
        using var plain = value.detach().cpu().contiguous();
        return new SafeTensor(TypeOf(plain), plain.shape, plain.bytes.ToArray());
    }

    public static bool Fits(this SafeTensor stored, Tensor place) => stored.Type == TypeOf(place) && stored.Shape.SequenceEqual(place.shape);

    /// <summary>The stored values in place of those of a tensor that they fit.</summary>
    public static void CopyTo(this SafeTensor stored, Tensor place)
    {
        using var plain = empty(place.shape, place.dtype);
        plain.bytes = stored.Data.ToArray();
        place.copy_(plain);
    }

    private static SafeTensorType TypeOf(Tensor value) => value.dtype switch
    {
        ScalarType.Float32 => SafeTensorType.F32,
        ScalarType.Float64 => SafeTensorType.F64,
        ScalarType.Int64 => SafeTensorType.I64,
        var other => throw new NotSupportedException($"A checkpoint holds no {other}."),
    };
}
