using MedTransfer.Data.Checks;
using MedTransfer.Numerics;

namespace MedTransfer.Tests.Data.Checks;

public sealed class InvertedImagesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(19)]
    public void Images_that_are_turned_against_most_are_found(int turned)
    {
        var random = new SplitMix64(1);
        var images = Enumerable.Range(0, 40).Select(image => Chest(random, isNegative: image < turned)).ToList();

        Assert.Equal(Enumerable.Range(0, 40).Select(image => image < turned), InvertedImages.Find(images));
    }

    [Fact]
    public void Where_images_do_not_look_alike_none_is()
    {
        var random = new SplitMix64(2);
        var images = Enumerable.Range(0, 40).Select(_ => ThumbnailTests.Image((_, _) => random.Below(256))).ToList();

        Assert.DoesNotContain(true, InvertedImages.Find(images));
    }

    // two dark lungs in a bright body, with noise
    private static Thumbnail Chest(SplitMix64 random, bool isNegative) => ThumbnailTests.Image((row, column) =>
    {
        var isLung = row is > 5 and < 22 && column is > 4 and < 12 or > 15 and < 23;
        var level = (isLung ? 60 : 170) + random.Below(40);
        return isNegative ? 255 - level : level;
    });
}
