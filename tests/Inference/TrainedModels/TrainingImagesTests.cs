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

    [Theory]
    [InlineData(100, false)]
    [InlineData(2, false)]     // two of 200 are as dark: 2 %
    [InlineData(1, true)]      // one is: 1 %
    [InlineData(200, true)]
    [InlineData(250, true)]
    public void Brightness_is_unusual_beyond_that_of_all_but_one_in_a_hundred_on_either_side(float brightness, bool isUnusual) =>
        Assert.Equal(isUnusual, known.Compare(new(null, brightness, 10), [0]).HasUnusualBrightness);

    [Theory]
    [InlineData(198, .015, false)]
    [InlineData(199, .01, true)]
    [InlineData(201, 0, true)]
    public void Embedding_is_far_where_one_in_a_hundred_is(float distance, double share, bool isFar)
    {
        var likeness = known.Compare(new(null, 100, 10), [distance]);

        Assert.Equal((distance, share, isFar), (likeness.Distance, likeness.DistanceShare, likeness.IsFar));
    }

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
        Assert.True(known.Compare(new(null, 100, 11), [0]).HasUnusualContrast);
    }
}
