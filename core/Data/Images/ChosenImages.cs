using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>The images at some places of a source, which stay where they are.</summary>
internal sealed class ChosenImages : IImageSource
{
    private readonly IImageSource source;
    private readonly Tensor places;

    /// <param name="source">Which this owns from now on.</param>
    /// <param name="places">int64 (n), which this owns from now on.</param>
    private ChosenImages(IImageSource source, Tensor places) => (this.source, this.places, Count) = (source, places, checked((int)places.shape[0]));

    /// <summary>The images at these places as a source of their own: up to <see cref="ImagesInMemory.MostCopied"/> bytes a copy, so that few keep no large set in memory.</summary>
    public static IImageSource Of(IImageSource source, IReadOnlyList<int> indices)
    {
        using var scope = NewDisposeScope();
        var places = tensor(indices.Select(index => (long)index).ToArray());
        return ImagesInMemory.BytesOf(source, indices.Count) <= ImagesInMemory.MostCopied
            ? new ImagesInMemory(source.Batch(places).DetachFromDisposeScope())
            : new ChosenImages(source.Share(), places.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public (int Channels, int Height, int Width) Shape => source.Shape;

    /// <inheritdoc/>
    public Tensor Batch(long start, long until)
    {
        using var chosen = places.slice(0, start, until, 1);
        return source.Batch(chosen);
    }

    /// <inheritdoc/>
    public Tensor Batch(Tensor indices)
    {
        using var chosen = places.index_select(0, indices);
        return source.Batch(chosen);
    }

    /// <inheritdoc/>
    public IImageSource Subset(IReadOnlyList<int> indices)
    {
        var inSource = places.data<long>().ToArray();
        return source.Subset([.. indices.Select(index => (int)inSource[index])]);
    }

    /// <inheritdoc/>
    public IImageSource Share() => new ChosenImages(source.Share(), places.alias().DetachFromDisposeScope());

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        places.Dispose();
    }
}
