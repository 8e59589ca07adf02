using MedTransfer.Data;
using MedTransfer.Runtime.Native;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Data;

public sealed class SplitTests
{
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 24).Select(pixel => (byte)(pixel * 7))];

    public SplitTests() => NativeTorch.Load();

    // libxxhash 0.8.1: XXH3_128bits of channels, height and width, 16 bytes each, big-endian, and of the sorted XXH3_128bits of each image's bytes
    [Fact]
    public void Digest_of_images_is_pinned() => Assert.Equal("5948e3650dfaf82324ab5574a09a02e1", DigestOf(Pixels, 4, 1, 2, 3));

    [Fact]
    public void Digest_of_images_is_the_same_in_another_order_and_with_other_labels()
    {
        using var split = Of(Pixels, 4, 1, 2, 3);
        using var other = split.Subset([3, 0, 2, 1]);

        Assert.Equal(split.ImagesDigest(), other.ImagesDigest());
        Assert.NotEqual(split.Labels[0, 0], other.Labels[0, 0]);
    }

    [Fact]
    public void Digest_of_images_changes_with_a_pixel_an_image_and_their_shape()
    {
        byte[] changed = [.. Pixels[..^1], 0];
        using var split = Of(Pixels, 4, 1, 2, 3);
        using var fewer = split.Subset([0, 1, 2]);
        using var twice = split.Subset([0, 1, 2, 3, 3]);

        string[] digests =
        [
            split.ImagesDigest(), DigestOf(changed, 4, 1, 2, 3), fewer.ImagesDigest(), twice.ImagesDigest(),
            DigestOf(Pixels, 4, 1, 3, 2), DigestOf(Pixels, 4, 2, 3, 1), DigestOf(Pixels, 2, 2, 2, 3), DigestOf([], 0, 1, 2, 3),
        ];

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    // blocks of 64 MiB: 20,000 images of 64 x 64 are two
    [Fact]
    public void Digest_of_images_is_that_of_all_blocks()
    {
        var pixels = new byte[20_000 * 64 * 64];
        pixels[^1] = 1;
        var last = DigestOf(pixels, 20_000, 1, 64, 64);
        (pixels[^1], pixels[0]) = (0, 1);

        Assert.NotEqual(last, DigestOf(pixels, 20_000, 1, 64, 64));
        Assert.NotEqual(DigestOf(new byte[pixels.Length], 20_000, 1, 64, 64), last);
    }

    [Fact]
    public void Joined_splits_have_the_images_of_both_and_number_those_of_the_second_on()
    {
        using var first = Of(Pixels[..12], 2, 1, 2, 3);
        using var second = Of(Pixels[12..], 2, 1, 2, 3);

        using var joined = Split.Joined(first, second);

        Assert.Equal(Pixels, joined.Images.data<byte>().ToArray());
        Assert.Equal([0, 1, 0, 1], joined.Labels.Flat.ToArray());
        Assert.Null(joined.FileIndices);
        Assert.Null(joined.Groups);
        using var part = first.Subset([1]);
        using var ofPart = Split.Joined(part, second);
        Assert.Equal([1, 2, 3], ofPart.FileIndices);
    }

    [Fact]
    public void Joined_images_of_nobody_known_are_patients_of_their_own()
    {
        using var first = Of(Pixels[..12], 2, 1, 2, 3) with { Groups = [5, -3] };
        using var second = Of(Pixels[12..], 2, 1, 2, 3);

        using var joined = Split.Joined(first, second);

        Assert.Equal([5, -3, -4, -5], joined.Groups!);
    }

    private static string DigestOf(byte[] pixels, params long[] shape)
    {
        using var split = Of(pixels, shape);
        return split.ImagesDigest();
    }

    private static Split Of(byte[] pixels, params long[] shape)
    {
        var labels = new byte[shape[0], 1];
        for (var row = 0; row < shape[0]; row++)
            labels[row, 0] = (byte)(row % 2);
        return new(tensor(pixels).reshape(shape), Labels.Of(labels), null);
    }
}
