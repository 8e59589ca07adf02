using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Inference;
using MedTransfer.Tasks;
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

    [Fact]
    public void Equal_images_of_a_split_lie_on_one_side_of_every_fold()
    {
        using var split = Split(patients: null);

        foreach (var fold in new Folds(split, new() { Folds = 5, Repeats = 3 }))
        {
            Assert.Equal(fold.HeldOut.Contains(0), fold.HeldOut.Contains(1));
            Assert.Equal(fold.HeldOut.Contains(0), fold.HeldOut.Contains(7));
        }
    }

    [Fact]
    public void Patients_with_an_equal_image_lie_on_one_side_of_every_fold()
    {
        using var split = Split([.. Enumerable.Range(0, 20).Select(image => (long)image / 2)]);

        // images 0, 1 and 7: patients 0 and 3
        foreach (var fold in new Folds(split, new() { Folds = 5, Repeats = 3 }))
            Assert.Single(new[] { 0, 1, 6, 7 }.Select(image => fold.HeldOut.Contains(image)).Distinct());
    }

    [Fact]
    public void Folds_of_a_penalty_know_equal_images_too()
    {
        using var split = Split(patients: null);
        using var images = LabelledImages.On(CPU, split, LearningTask.Of(LabelTask.BinaryClass));

        Assert.Equal(images.Groups![0], images.Groups[7]);
        Assert.Equal(18, images.Groups.Distinct().Count());
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
