using TorchSharp;

namespace MedTransfer.Data;

/// <summary>One split of a dataset: images in native memory and their labels.</summary>
/// <param name="Images">uint8 tensor (N, C, H, W) on the CPU, values 0 to 255.</param>
/// <param name="Labels">
/// (N, 1) class indices from 0, or (N, L) findings of 0 or 1 for a multi-label task; (N, 0) where the file has no labels.
/// </param>
/// <param name="Groups">One identifier an image (a patient) where the file has them, else null.</param>
public sealed record Split(torch.Tensor Images, byte[,] Labels, long[]? Groups) : IDisposable
{
    /// <summary>Number of images.</summary>
    public int Count => checked((int)Images.shape[0]);

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();
}
