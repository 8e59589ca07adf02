using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>Images of one shape, to be had in batches; where they are kept is the source's own affair.</summary>
public interface IImageSource : IDisposable
{
    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>Channels, height and width of every image.</summary>
    (int Channels, int Height, int Width) Shape { get; }

    /// <summary>Images <paramref name="start"/> up to but not <paramref name="until"/>: uint8 (n, C, H, W), to be read only.</summary>
    Tensor Batch(long start, long until);

    /// <summary>The images at these places, in this order, as often as asked for: uint8 (n, C, H, W).</summary>
    /// <param name="indices">int64 (n), 0 to <see cref="Count"/> - 1.</param>
    Tensor Batch(Tensor indices);

    /// <summary>The images at these places as a source of their own, which outlives this one.</summary>
    IImageSource Subset(IReadOnlyList<int> indices);

    /// <summary>The same images, without a copy, under another owner: either may be disposed of without harm to the other.</summary>
    IImageSource Share();
}
