using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MedTransfer.Numerics;

/// <summary>Crossing from tensors to the arrays that scores, reducers and files take.</summary>
public static class TensorArrays
{
    /// <summary>The values of a float tensor (N, D) as a row-major matrix.</summary>
    public static float[,] ToMatrix(this Tensor values)
    {
        using var plain = values.detach().cpu().to(ScalarType.Float32).contiguous();
        var matrix = new float[plain.shape[0], plain.shape[1]];
        if (matrix.Length > 0)
            plain.data<float>().CopyTo(MemoryMarshal.CreateSpan(ref matrix[0, 0], matrix.Length));
        return matrix;
    }

    /// <summary>The values of a uint8 tensor (N, C, H, W).</summary>
    public static byte[,,,] ToImages(this Tensor values)
    {
        using var plain = values.detach().cpu().contiguous();
        var images = new byte[plain.shape[0], plain.shape[1], plain.shape[2], plain.shape[3]];
        if (images.Length > 0)
            plain.data<byte>().CopyTo(MemoryMarshal.CreateSpan(ref images[0, 0, 0, 0], images.Length));
        return images;
    }
}
