using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Inference.TrainedModels;

namespace MedTransfer.Tests.Inference.TrainedModels;

public sealed class TrainingImagesTests
{
    // brightness 1 to 200, contrast 10 alone, embeddings of which distances 1 to 200 are known
    private static readonly TrainingImages known = new(
        [.. Enumerable.Range(1, 200).Select(value => (float)value)],
        [.. Enumerable.Repeat(10f, 200)],
        new CloudDistances(new PointCloud([0], new double[,] { { 1 } }, 0), [.. Enumerable.Range(1, 200).Select(value => (float)value)]),
        new HashSet<UInt128> { 7 });

    // two sides: 2 (k + 1) / 201 of images like them are as far out as the k-th from outside
    [Theory]
    [InlineData(100, 100, false)]
    [InlineData(1, 1, false)]
    [InlineData(0.5, 0, true)]
    [InlineData(200, 1, false)]
    [InlineData(201, 0, true)]
    public void Brightness_is_unusual_beyond_that_of_all_of_two_hundred(float brightness, int asFar, bool isUnusual)
    {
        var tail = known.Compare(new(null, brightness, 10), [0]).Brightness;

        Assert.Equal((asFar, 200, isUnusual), (tail.AsFar, tail.Known, tail.IsUnusual));
        Assert.Equal(Math.Min(1, 2 * (asFar + 1) / 201.0), tail.Share, 1e-12);
    }

    [Theory]
    [InlineData(198, 3, false)]
    [InlineData(199, 2, false)]
    [InlineData(200, 1, true)]
    [InlineData(201, 0, true)]
    public void Embedding_is_far_where_one_in_a_hundred_is(float distance, int asFar, bool isFar)
    {
        var likeness = known.Compare(new(null, 100, 10), [distance]);

        Assert.Equal((asFar, isFar), (likeness.Distance!.AsFar, likeness.IsFar));
    }

    // quartiles 6 and 15 of 1 to 20: fences at 6 - 27 and 15 + 27
    [Theory]
    [InlineData(30, false)]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(-21, false)]
    [InlineData(-22, true)]
    public void Few_images_tell_what_is_beyond_them_by_far(float value, bool isFarOut) =>
        Assert.Equal(isFarOut, Tail.Of([.. Enumerable.Range(1, 20).Select(number => (float)number)], value, sides: 2).IsUnusual);

    [Fact]
    public void Image_that_was_learned_from_is_known_again_by_its_pixels()
    {
        Assert.True(known.Compare(new(7, 100, 10), [0]).IsTrainingImage);
        Assert.False(known.Compare(new(8, 100, 10), [0]).IsTrainingImage);
        Assert.False(known.Compare(new(null, 100, 10), [0]).IsTrainingImage);
    }

    [Fact]
    public void Contrast_of_every_image_is_usual_and_another_is_not()
    {
        Assert.False(known.Compare(new(null, 100, 10), [0]).IsUnlike);
        Assert.True(known.Compare(new(null, 100, 11), [0]).Contrast.IsUnusual);
    }
}
