using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>Images of one tensor. Its memory may be a file that is mapped.</summary>
public sealed class ImagesInMemory : IImageSource
{
    /// <summary>Subsets of up to so many bytes are copied, so that they keep no larger set in memory; larger ones are places in it.</summary>
    public const long MostCopied = 16 << 20;

    private readonly Tensor images;
    private readonly FileInUse? file;

    /// <summary>All images of a tensor.</summary>
    /// <param name="images">uint8 (N, C, H, W), which this owns from now on.</param>
    public ImagesInMemory(Tensor images)
        : this(images, null)
    {
    }

    /// <param name="images">uint8 (N, C, H, W), which this owns from now on.</param>
    /// <param name="file">The file that is the tensor's memory, in use for as long as this is; null where there is none.</param>
    internal ImagesInMemory(Tensor images, FileInUse? file)
    {
        ArgumentNullException.ThrowIfNull(images);
        (this.images, this.file) = (images, file);
        Count = checked((int)images.shape[0]);
        Shape = ((int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
    }

    /// <summary>Bytes of so many images of a source.</summary>
    internal static long BytesOf(IImageSource source, int count) => (long)source.Shape.Channels * source.Shape.Height * source.Shape.Width * count;

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public (int Channels, int Height, int Width) Shape { get; }

    /// <inheritdoc/>
    public Tensor Batch(long start, long until) => images.slice(0, start, until, 1);

    /// <inheritdoc/>
    public Tensor Batch(Tensor indices) => images.index_select(0, indices);

    /// <inheritdoc/>
    public IImageSource Subset(IReadOnlyList<int> indices) => ChosenImages.Of(this, indices);

    /// <inheritdoc/>
    public IImageSource Share() => new ImagesInMemory(images.alias().DetachFromDisposeScope(), file?.Share());

    /// <inheritdoc/>
    public void Dispose()
    {
        images.Dispose();
        file?.Dispose();
    }
}
