using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>Images of one tensor, all of them or those at some places of it. The tensor's memory may be a file that is mapped.</summary>
public sealed class ImagesInMemory : IImageSource
{
    /// <summary>Subsets of up to so many bytes are copied, so that they keep no larger set in memory; larger ones are places in it.</summary>
    public const long MostCopied = 16 << 20;

    private readonly Tensor images;
    private readonly Tensor? places;
    private readonly FileInUse? file;

    /// <summary>All images of a tensor.</summary>
    /// <param name="images">uint8 (N, C, H, W), which this owns from now on.</param>
    public ImagesInMemory(Tensor images)
        : this(images, null, null)
    {
    }

    /// <summary>The same where the tensor's memory is a file, which is in use for as long as any images of it are.</summary>
    internal ImagesInMemory(Tensor images, FileInUse file)
        : this(images, null, file)
    {
    }

    private ImagesInMemory(Tensor images, Tensor? places, FileInUse? file)
    {
        ArgumentNullException.ThrowIfNull(images);
        (this.images, this.places, this.file) = (images, places, file);
        Count = checked((int)(places ?? images).shape[0]);
        Shape = ((int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public (int Channels, int Height, int Width) Shape { get; }

    /// <inheritdoc/>
    public Tensor Batch(long start, long until)
    {
        if (places is null) return images.slice(0, start, until, 1);
        using var chosen = places.slice(0, start, until, 1);
        return images.index_select(0, chosen);
    }

    /// <inheritdoc/>
    public Tensor Batch(Tensor indices)
    {
        if (places is null) return images.index_select(0, indices);
        using var chosen = places.index_select(0, indices);
        return images.index_select(0, chosen);
    }

    /// <inheritdoc/>
    public IImageSource Subset(IReadOnlyList<int> indices)
    {
        using var scope = NewDisposeScope();
        var chosen = tensor(indices.Select(index => (long)index).ToArray());
        if ((long)Shape.Channels * Shape.Height * Shape.Width * indices.Count <= MostCopied)
            return new ImagesInMemory(Batch(chosen).DetachFromDisposeScope());
        var inTensor = places is null ? chosen : places.index_select(0, chosen);
        return new ImagesInMemory(images.alias().DetachFromDisposeScope(), inTensor.DetachFromDisposeScope(), file?.Share());
    }

    /// <inheritdoc/>
    public IImageSource Share() => new ImagesInMemory(images.alias().DetachFromDisposeScope(), places?.alias().DetachFromDisposeScope(), file?.Share());

    /// <inheritdoc/>
    public void Dispose()
    {
        images.Dispose();
        places?.Dispose();
        file?.Dispose();
    }
}
