using MedTransfer.Data;
using MedTransfer.Inference.TrainedModels;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Inference.TrainedModels;

[Collection(OneAtATime.Name)]
public sealed class ExternalSetTests
{
    [Fact]
    public void Classes_are_matched_by_name_whatever_their_order_in_all_splits()
    {
        using var set = Set(LabelTask.BinaryClass, ["ILL", "Healthy"], new byte[,] { { 0 }, { 1 }, { 0 } });

        using var external = ExternalSet.Of(set, TinyModel.Description);

        Assert.Equal([1, 0, 1], external.Images.Labels.Flat.ToArray());
        Assert.Equal((3, 0), (external.Images.Count, external.LeftOut));
    }

    [Fact]
    public void Finding_of_the_positive_classs_name_counts_against_no_finding_at_all()
    {
        using var set = Set(
            LabelTask.MultiLabel, ["other", "ill"],
            new byte[,] { { 0, 1 }, { 0, 0 }, { 1, 0 }, { 1, 1 }, { Labels.Missing, 0 }, { Labels.Missing, 1 } });

        using var external = ExternalSet.Of(set, TinyModel.Description);

        Assert.Equal([1, 0, 1, 1], external.Images.Labels.Flat.ToArray());
        Assert.Equal([0, 1, 3, 5], external.Images.FileIndices);
        Assert.Equal(2, external.LeftOut);
        Assert.Equal(["set has findings: images with ill count as ill, those without any finding as healthy, and others are left out."], external.Notes);
    }

    [Fact]
    public void Findings_that_the_set_does_not_have_are_not_scored()
    {
        using var set = Set(LabelTask.MultiLabel, ["b", "x"], new byte[,] { { 1, 0 }, { 0, 1 } });

        using var external = ExternalSet.Of(set, TinyModel.Description with { Task = LabelTask.MultiLabel, Labels = ["a", "b"], PositiveClass = null, Thresholds = [null, null] });

        Assert.Equal([Labels.Missing, 1, Labels.Missing, 0], external.Images.Labels.Flat.ToArray());
        Assert.Equal(["set has no images with and without 'a': these have no part in scores."], external.Notes);
    }

    [Fact]
    public void Labels_of_other_classes_are_refused_in_one_line()
    {
        Refused(LabelTask.BinaryClass, ["normal", "ill"], new byte[,] { { 0 }, { 1 } }, "set: has images of 'normal', and the model has 'healthy', 'ill': name a set with the same labels, or write set.json beside its .npz that names its labels in their order, as {\"labels\": [\"healthy\", \"ill\"]}.");
        Refused(LabelTask.MultiLabel, ["x", "y"], new byte[,] { { 0, 1 }, { 1, 1 } }, "set: has findings ('x', 'y'), none of which is a class of the model, and the model has 'healthy', 'ill': name a set with the same labels, or write set.json beside its .npz that names its labels in their order, as {\"labels\": [\"healthy\", \"ill\"]}.");
        Refused(LabelTask.BinaryClass, ["healthy", "ill"], new byte[,] { { 1 }, { 1 } }, "set: has images of one alone of the model's classes ('healthy', 'ill'), so that nothing can be told apart: name a set with two of them at least.");
        Refused(null, [], new byte[2, 0], "set: has no labels, by which a model could be scored: name a set with labels, or give its images as files to have them predicted.");
    }

    [Fact]
    public void Images_of_another_size_are_made_of_the_models()
    {
        using var set = Set(LabelTask.BinaryClass, ["healthy", "ill"], new byte[,] { { 0 }, { 1 } }, size: 56);

        using var external = ExternalSet.Of(set, TinyModel.Description);

        Assert.Equal([2, 1, 28, 28], external.Images.Images.shape);
        // area averaging of two equal pixels each way
        Assert.Equal((10, 11), (external.Images.Images[0, 0, 3, 3].item<byte>(), external.Images.Images[1, 0, 3, 3].item<byte>()));
    }

    [Fact]
    public void Colour_is_taken_where_it_is_grey_and_refused_where_it_is_not()
    {
        using var grey = Set(LabelTask.BinaryClass, ["healthy", "ill"], new byte[,] { { 0 }, { 1 } }, channels: 3);
        using var external = ExternalSet.Of(grey, TinyModel.Description);
        Assert.Equal([2, 1, 28, 28], external.Images.Images.shape);

        using var colour = Set(LabelTask.BinaryClass, ["healthy", "ill"], new byte[,] { { 0 }, { 1 } }, channels: 3, isInColour: true);
        Assert.Equal(
            "set: has images in colour, and the model learned from grey ones: name images of the kind that it learned from.",
            Assert.Throws<MedTransferException>(() => ExternalSet.Of(colour, TinyModel.Description)).Message);
    }

    private static void Refused(LabelTask? task, string[] names, byte[,] labels, string message)
    {
        using var set = Set(task, names, labels);
        Assert.Equal(message, Assert.Throws<MedTransferException>(() => ExternalSet.Of(set, TinyModel.Description)).Message);
    }

    // image i is of grey level 10 + i; the first is the training split, the second validation, the others test
    private static Dataset Set(LabelTask? task, string[] names, byte[,] labels, int size = 28, int channels = 1, bool isInColour = false)
    {
        var info = new DatasetInfo("set", task, channels, size, names);
        Split Part(int from, int to)
        {
            var part = zeros([to - from, channels, size, size], ScalarType.Byte);
            for (var image = from; image < to; image++)
                part[image - from] = tensor((byte)(10 + image));
            if (isInColour)
                part[TensorIndex.Colon, 1] = tensor((byte)200);
            var own = new byte[to - from, labels.GetLength(1)];
            for (var image = from; image < to; image++)
            {
                for (var column = 0; column < own.GetLength(1); column++)
                    own[image - from, column] = labels[image, column];
            }

            return new(part.DetachFromDisposeScope(), Labels.Of(own), null);
        }

        return new(info, new string('0', 32), Part(0, 1), Part(1, 2), Part(2, labels.GetLength(0)));
    }
}
