using MedTransfer.Data.Images;
using MedTransfer.Runtime.Native;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Data.Images;

public sealed class JoinedImagesTests
{
    public JoinedImagesTests() => NativeTorch.Load();

    [Theory]
    [InlineData(4)]                   // copied
    [InlineData(2000)]                // 20 MB: where they are
    public void Images_of_both_are_numbered_on_and_outlive_them(int size)
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Numbered(0, 3, size), Numbered(3, 2, size));
        using var joined = JoinedImages.Of(first, second);
        first.Dispose();
        second.Dispose();
        using var shared = joined.Share();
        using var subset = joined.Subset([4, 0, 3]);

        Assert.Equal((5, (1, size, size)), (joined.Count, joined.Shape));
        Assert.Equal([0, 1, 2, 3, 4], First(joined.Batch(0, 5)));
        Assert.Equal([1, 2], First(joined.Batch(1, 3)));
        Assert.Equal([3, 4], First(joined.Batch(3, 5)));
        Assert.Equal([2, 3], First(joined.Batch(2, 4)));
        Assert.Equal([4, 0, 4, 2], First(shared.Batch(tensor(new long[] { 4, 0, 4, 2 }))));
        Assert.Equal([1], First(shared.Batch(tensor(new long[] { 1 }))));
        Assert.Equal([4, 0, 3], First(subset.Batch(0, 3)));
    }

    [Fact]
    public void Many_take_no_memory_for_their_pixels()
    {
        using var scope = NewDisposeScope();
        var pixels = zeros([20, 1, 1024, 1024], ScalarType.Byte).DetachFromDisposeScope();
        using var first = new ImagesInMemory(pixels);
        using var second = Numbered(3, 1, 1024);
        using var joined = JoinedImages.Of(first, second);

        pixels[19, 0, 0, 0] = 7;

        Assert.Equal([7, 3], First(joined.Batch(19, 21)));
    }

    /// <summary>Images whose every pixel is their number.</summary>
    private static ImagesInMemory Numbered(int start, int count, int size) =>
        new(arange(start, start + count, ScalarType.Byte).reshape(count, 1, 1, 1).expand(count, 1, size, size).contiguous().DetachFromDisposeScope());

    private static int[] First(Tensor images) => [.. Enumerable.Range(0, (int)images.shape[0]).Select(image => (int)images[image, 0, 0, 0].item<byte>())];
}
