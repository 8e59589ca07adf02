using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Data.Resampling;

[Collection(OneAtATime.Name)]
public sealed class ImageGroupsTests
{
    [Fact]
    public void Equal_images_make_one_group_of_their_patients()
    {
        var groups = ImageGroups.Of([5, 5, 9, -4, 7], [1, 2, 2, 1, null]);

        // 9 has an image of 5's, and the fourth, of nobody known, another
        Assert.Equal([9, 9, 9, 9, 7], groups.Numbers);
        Assert.Equal((2, 1), (groups.Duplicates, groups.Merged));
    }

    [Fact]
    public void Images_of_one_colour_equal_none()
    {
        Assert.Equal([-1, -2], ImageGroups.Of([-1, -2], [null, null]).Numbers);
    }

    [Theory]
    [InlineData(ResamplingScheme.KFold)]
    [InlineData(ResamplingScheme.MonteCarlo)]
    [InlineData(ResamplingScheme.Bootstrap)]
    [InlineData(ResamplingScheme.LeaveOneOut)]
    public void Equal_images_of_a_split_lie_on_one_side_of_every_fold(ResamplingScheme scheme)
    {
        using var split = Split(patients: null);

        foreach (var fold in new Folds(split, new() { Scheme = scheme, Folds = 5 }))
        {
            Assert.DoesNotContain(fold.Train, fold.HeldOut.Contains);
            Assert.Equal(fold.HeldOut.Contains(0), fold.HeldOut.Contains(1));
            Assert.Equal(fold.HeldOut.Contains(0), fold.HeldOut.Contains(7));
        }
    }

    [Fact]
    public void Equal_images_of_a_split_lie_on_one_side_of_folds_within_folds()
    {
        using var split = Split(patients: null);
        var outer = new Folds(split, new() { Folds = 3 }).First(fold => fold.Train.Contains(0));
        using var inner = split.Subset(outer.Train);
        int[] equal = [.. new[] { 0, 1, 7 }.Select(image => outer.Train.ToList().IndexOf(image))];

        foreach (var fold in new Folds(inner, new() { Folds = 4, Seed = 9 }))
            Assert.Single(equal.Select(fold.HeldOut.Contains).Distinct());
    }

    [Fact]
    public void Patients_with_an_equal_image_lie_on_one_side_of_every_fold()
    {
        using var split = Split([.. Enumerable.Range(0, 20).Select(image => (long)image / 2)]);

        // images 0, 1 and 7: patients 0 and 3
        foreach (var fold in new Folds(split, new() { Folds = 5, Repeats = 3 }))
            Assert.Single(new[] { 0, 1, 6, 7 }.Select(image => fold.HeldOut.Contains(image)).Distinct());
    }

    // twenty images, of which 0, 1 and 7 are the same
    private static Split Split(long[]? patients)
    {
        var images = arange(20 * 16, ScalarType.Int64).remainder(251).to(ScalarType.Byte).reshape(20, 1, 4, 4);
        images[1] = images[0];
        images[7] = images[0];
        var labels = new byte[20, 1];
        for (var image = 0; image < 20; image++) labels[image, 0] = (byte)(image % 2);
        return new(images, Labels.Of(labels), patients);
    }
}
