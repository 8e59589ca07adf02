using MedTransfer.Data;
using MedTransfer.Evaluation.Images;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>A split on the compute device: images stay uint8 there and become floats in [-1, 1] a batch at a time.</summary>
public sealed class ImageSet : IDisposable
{
    private readonly Tensor images;
    private readonly Tensor? targets;

    /// <summary>Moves a split's images and targets to the device; the split itself is left as it is.</summary>
    /// <param name="loss">What the labels ask for; null to learn without them.</param>
    public ImageSet(Split split, LabelLoss? loss, Device device)
    {
        ArgumentNullException.ThrowIfNull(split);
        images = Shared(split.Images, device);
        targets = loss?.Targets(split.Labels.Values, device);
        Count = split.Count;
        Shape = new ImageShape((int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
    }

    /// <summary>Channels, height and width of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Where the images are.</summary>
    public Device Device => images.device;

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>The labels as the loss wants them.</summary>
    public Tensor Targets => targets ?? throw new InvalidOperationException("These images were taken without labels.");

    /// <summary>Images <paramref name="start"/> to <paramref name="end"/> in file order: float32 (n, C, S, S) in [-1, 1].</summary>
    public Tensor Images(long start, long end) => ToFloats(images.slice(0, start, end, 1));

    /// <summary>The chosen images: float32 (n, C, S, S) in [-1, 1].</summary>
    public Tensor Images(Tensor indices) => ToFloats(images.index_select(0, indices));

    /// <inheritdoc/>
    public void Dispose()
    {
        images.Dispose();
        targets?.Dispose();
    }

    // its own handle of the images; the scope disposes of that of a copy on another device, which would keep its memory
    private static Tensor Shared(Tensor images, Device device)
    {
        using var scope = NewDisposeScope();
        return images.to(device).alias().MoveToOuterDisposeScope();
    }

    private static Tensor ToFloats(Tensor bytes) => bytes.to(ScalarType.Float32).mul_(Scalars.Kept(2f / 255)).sub_(Scalars.Kept(1));
}
