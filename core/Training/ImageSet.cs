using MedTransfer.Data;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>A split on the compute device: images stay uint8 there and become floats in [-1, 1] a batch at a time.</summary>
public sealed class ImageSet : IDisposable
{
    private readonly Tensor images;

    /// <summary>Moves a split's images and targets to the device; the split itself is left as it is.</summary>
    public ImageSet(Split split, LabelLoss loss, Device device)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(loss);
        images = Shared(split.Images, device);
        Targets = loss.Targets(split.Labels, device);
        Count = split.Count;
    }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>The labels as the loss wants them.</summary>
    public Tensor Targets { get; }

    /// <summary>Images <paramref name="start"/> to <paramref name="end"/> in file order: float32 (n, C, S, S) in [-1, 1].</summary>
    public Tensor Images(long start, long end) => ToFloats(images.slice(0, start, end, 1));

    /// <summary>The chosen images: float32 (n, C, S, S) in [-1, 1].</summary>
    public Tensor Images(Tensor indices) => ToFloats(images.index_select(0, indices));

    /// <inheritdoc/>
    public void Dispose()
    {
        images.Dispose();
        Targets.Dispose();
    }

    // its own handle of the images; the scope disposes of that of a copy on another device, which would keep its memory
    private static Tensor Shared(Tensor images, Device device)
    {
        using var scope = NewDisposeScope();
        return images.to(device).alias().MoveToOuterDisposeScope();
    }

    private static Tensor ToFloats(Tensor bytes) => bytes.to(ScalarType.Float32).mul_(2f / 255).sub_(1f);
}
