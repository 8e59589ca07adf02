using MedTransfer.Data.Images;
using MedTransfer.Runtime.Native;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Data.Images;

public sealed class ImagesInMemoryTests
{
    public ImagesInMemoryTests() => NativeTorch.Load();

    [Fact]
    public void Batches_are_the_images_of_a_range_or_of_places()
    {
        using var scope = NewDisposeScope();
        using var images = Numbered(5, 1, 2, 3);

        Assert.Equal((5, (1, 2, 3)), (images.Count, images.Shape));
        Assert.Equal([1, 2], First(images.Batch(1, 3)));
        Assert.Equal([4, 0, 4], First(images.Batch(tensor(new long[] { 4, 0, 4 }))));
    }

    [Theory]
    [InlineData(4)]                   // copied
    [InlineData(2000)]                // 32 MB at 10 images: places
    public void Subset_of_a_subset_is_of_the_images_at_its_places_and_outlives_both(int size)
    {
        using var scope = NewDisposeScope();
        var images = Numbered(10, 1, size, size);
        var subset = images.Subset([9, 1, 7, 3, 5, 8]);
        using var inner = subset.Subset([5, 2, 2, 0, 1]);
        using var shared = subset.Share();
        images.Dispose();
        subset.Dispose();

        Assert.Equal((5, (1, size, size)), (inner.Count, inner.Shape));
        Assert.Equal([8, 7, 7, 9, 1], First(inner.Batch(0, 5)));
        Assert.Equal([7, 9], First(inner.Batch(2, 4)));
        Assert.Equal([1, 8], First(inner.Batch(tensor(new long[] { 4, 0 }))));
        Assert.Equal([9, 1, 7, 3, 5, 8], First(shared.Batch(0, 6)));
    }

    [Fact]
    public void Large_subset_takes_no_memory_for_its_pixels_and_a_small_one_keeps_no_others()
    {
        var pixels = zeros([40, 1, 1024, 1024], ScalarType.Byte);
        using var images = new ImagesInMemory(pixels);
        using var large = images.Subset([.. Enumerable.Range(0, 30)]);
        using var small = images.Subset([0, 1]);

        pixels[0, 0, 0, 0] = 7;

        using var ofLarge = large.Batch(0, 1);
        using var ofSmall = small.Batch(0, 1);
        Assert.Equal((7, 0), (ofLarge[0, 0, 0, 0].item<byte>(), ofSmall[0, 0, 0, 0].item<byte>()));
    }

    /// <summary>Images whose every pixel is their number.</summary>
    private static ImagesInMemory Numbered(int count, params long[] shape) =>
        new(arange(count, ScalarType.Byte).reshape(count, 1, 1, 1).expand(count, shape[0], shape[1], shape[2]).contiguous().DetachFromDisposeScope());

    private static IEnumerable<int> First(Tensor batch) => Enumerable.Range(0, (int)batch.shape[0]).Select(image => (int)batch[image, 0, 0, 0].item<byte>());
}
