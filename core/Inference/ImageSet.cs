using System.IO.Hashing;
using MedTransfer.Data;
using MedTransfer.Data.Images;
using MedTransfer.Evaluation.Images;
using MedTransfer.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>A split on the compute device: images stay uint8 there and become floats in [-1, 1] a batch at a time.</summary>
public sealed class ImageSet : IDisposable
{
    private readonly IImageSource source;
    private readonly Tensor? onDevice;
    private readonly Lazy<UInt128[]> digests;

    /// <summary>Takes a split's images, on another device than the CPU as a copy; the split itself is left as it is.</summary>
    public ImageSet(Split split, Device device)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(device);
        (source, Device) = (split.Source.Share(), device);
        onDevice = device.type == DeviceType.CPU ? null : On(device);
        Shape = new ImageShape(source.Shape.Channels, source.Shape.Height, source.Shape.Width);
        digests = new(DigestsOfAll);
    }

    /// <summary>Channels, height and width of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Where the images are.</summary>
    public Device Device { get; }

    /// <summary>Number of images.</summary>
    public int Count => source.Count;

    /// <summary>XXH128 of each image's pixels: what it is among images of its shape, wherever it comes from.</summary>
    internal IReadOnlyList<UInt128> Digests => digests.Value;

    /// <summary>Images <paramref name="start"/> to <paramref name="end"/> in file order: float32 (n, C, S, S).</summary>
    public Tensor Images(long start, long end) => ToFloats(onDevice?.slice(0, start, end, 1) ?? source.Batch(start, end));

    /// <summary>The chosen images: float32 (n, C, S, S).</summary>
    public Tensor Images(Tensor indices) => ToFloats(onDevice?.index_select(0, indices) ?? source.Batch(indices));

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        onDevice?.Dispose();
    }

    // some at a time, as they may be a part of a set that is not in memory
    private Tensor On(Device device)
    {
        const int Block = 1024;
        var (channels, height, width) = source.Shape;
        var all = empty([Count, channels, height, width], ScalarType.Byte, device);
        for (var start = 0; start < Count; start += Block)
        {
            using var scope = NewDisposeScope();
            var end = Math.Min(start + Block, Count);
            all.slice(0, start, end, 1).copy_(source.Batch(start, end));
        }

        return all.DetachFromDisposeScope();
    }

    // as single precision has the factor, so that the values are those of one product and one difference of floats
    private static Tensor ToFloats(Tensor bytes) => bytes.to(ScalarType.Float32).mul_(Scalars.Kept((float)(2.0 / 255))).sub_(Scalars.One);

    private UInt128[] DigestsOfAll()
    {
        const int Block = 1024;
        var all = new UInt128[Count];
        for (var start = 0; start < Count; start += Block)
        {
            using var scope = NewDisposeScope();
            var end = Math.Min(start + Block, Count);
            var pixels = source.Batch(start, end).contiguous().bytes;
            var size = pixels.Length / (end - start);
            for (var i = start; i < end; i++)
                all[i] = XxHash128.HashToUInt128(pixels.Slice((i - start) * size, size));
        }

        return all;
    }
}
