using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>The images of one source and then those of another, of one shape, which stay where they are.</summary>
internal sealed class JoinedImages : IImageSource
{
    private readonly IImageSource first, second;

    private JoinedImages(IImageSource first, IImageSource second) => (this.first, this.second) = (first, second);

    /// <summary>The images of both as a source of its own: up to <see cref="ImagesInMemory.MostCopied"/> bytes a copy.</summary>
    public static IImageSource Of(IImageSource first, IImageSource second)
    {
        using var scope = NewDisposeScope();
        using var joined = new JoinedImages(first.Share(), second.Share());
        return ImagesInMemory.BytesOf(first, joined.Count) > ImagesInMemory.MostCopied
            ? joined.Share()
            : new ImagesInMemory(cat([first.Batch(0, first.Count), second.Batch(0, second.Count)]).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public int Count => first.Count + second.Count;

    /// <inheritdoc/>
    public (int Channels, int Height, int Width) Shape => first.Shape;

    /// <inheritdoc/>
    public Tensor Batch(long start, long until)
    {
        if (until <= first.Count)
            return first.Batch(start, until);
        if (start >= first.Count)
            return second.Batch(start - first.Count, until - first.Count);
        using var of = first.Batch(start, first.Count);
        using var rest = second.Batch(0, until - first.Count);
        return cat([of, rest]);
    }

    /// <inheritdoc/>
    public Tensor Batch(Tensor indices)
    {
        var places = indices.data<long>().ToArray();
        var (channels, height, width) = Shape;
        var batch = empty([places.Length, channels, height, width], ScalarType.Byte);
        Put(first, place => place < first.Count, shift: 0);
        Put(second, place => place >= first.Count, first.Count);
        return batch;

        void Put(IImageSource source, Func<long, bool> has, long shift)
        {
            using var scope = NewDisposeScope();
            var rows = Enumerable.Range(0, places.Length).Where(row => has(places[row])).ToList();
            if (rows.Count > 0)
                batch.index_copy_(0, tensor(rows.ConvertAll(row => (long)row)), source.Batch(tensor(rows.ConvertAll(row => places[row] - shift))));
        }
    }

    /// <inheritdoc/>
    public IImageSource Subset(IReadOnlyList<int> indices) => ChosenImages.Of(this, indices);

    /// <inheritdoc/>
    public IImageSource Share() => new JoinedImages(first.Share(), second.Share());

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
