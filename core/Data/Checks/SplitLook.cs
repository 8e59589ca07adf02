using MedTransfer.Data.Import.Pixels;

namespace MedTransfer.Data.Checks;

/// <summary>What one pass over a split's pixels found of each image, in their order.</summary>
internal sealed class SplitLook
{
    private const int BlockBytes = 1 << 26;

    private SplitLook(ImageLook[] images) => Images = images;

    public IReadOnlyList<ImageLook> Images { get; }

    public static SplitLook At(Split split)
    {
        var (channels, size, _) = split.Source.Shape;
        var axis = AxisResampling.Of(size, Thumbnail.Side);
        var (images, bytes) = (new ImageLook[split.Count], channels * size * size);
        for (int start = 0, block = Math.Max(1, BlockBytes / Math.Max(1, bytes)); start < images.Length; start += block)
        {
            using var batch = split.Source.Batch(start, Math.Min(start + block, images.Length));
            var (first, pixels) = (start, batch.bytes.ToArray());
            Parallel.For(0, pixels.Length / bytes, place => images[first + place] = ImageLook.At(pixels.AsSpan(place * bytes, bytes), size, axis));
        }
        return new(images);
    }
}
