using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>The images of a set before they are anywhere: in an archive, or not drawn yet.</summary>
/// <param name="Name">What messages call the set.</param>
/// <param name="Digest">Hexadecimal digits, others for other pixels.</param>
/// <param name="Counts">Images of each split.</param>
/// <param name="Size">Pixels a side.</param>
internal sealed record PackedImages(string Name, string Digest, IReadOnlyList<int> Counts, int Channels, int Size)
{
    /// <summary>All of them in native memory: uint8 (n, C, S, S), a tensor a split, owned by the caller and by no dispose scope.</summary>
    public required Func<IReadOnlyList<Tensor>> InMemory { get; init; }

    /// <summary>Shows the bytes of that one array, some after the other, which takes the memory of a few images.</summary>
    public required Action<Action<ReadOnlySpan<byte>>> Streamed { get; init; }

    /// <summary>(N, C, S, S) of the images of all splits, one after the other.</summary>
    public long[] Shape => [Counts.Sum(count => (long)count), Channels, Size, Size];

    /// <summary>Bytes of all pixels.</summary>
    public long Bytes => Shape.Aggregate(1L, (bytes, length) => checked(bytes * length));

    /// <summary>A source a split, which the caller disposes of.</summary>
    /// <param name="shared">Where other processes find the images too; null to have them in memory, alone.</param>
    public IReadOnlyList<IImageSource> Sources(SharedImages? shared) => shared?.Of(this) ?? [.. InMemory().Select(images => new ImagesInMemory(images))];
}
