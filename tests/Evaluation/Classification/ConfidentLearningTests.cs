using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Tests.Evaluation.Classification;

public sealed class ConfidentLearningTests
{
    // class 0 is given to images 0 to 3, mean p0 = (.9 + .8 + .7 + .2) / 4 = .65; class 1 to 4 to 6, mean p1 = (.9 + .9 + .3) / 3 = .7
    private static readonly float[,] probabilities = { { .9f, .1f }, { .8f, .2f }, { .7f, .3f }, { .2f, .8f }, { .1f, .9f }, { .1f, .9f }, { .7f, .3f } };
    private static readonly byte[,] labels = { { 0 }, { 0 }, { 0 }, { 0 }, { 1 }, { 1 }, { 1 } };

    [Fact]
    public void Image_that_is_surer_of_another_class_than_images_of_that_class_are_on_average_is_suspected()
    {
        var found = ConfidentLearning.Of(probabilities, labels);

        Assert.Equal([.65, .7], found.Thresholds.Select(threshold => Math.Round(threshold!.Value, 6)));
        Assert.Equal([3, 6], found.Ranked.Where(doubt => doubt.IsSuspected).Select(doubt => doubt.Image));
        Assert.Equal([3, 6, 2], found.Ranked.Take(3).Select(doubt => doubt.Image));
        var first = found.Ranked[0];
        Assert.Equal((0, 1, .2, -.6), (first.Given, first.Suggested, Math.Round(first.Confidence, 6), Math.Round(first.Margin, 6)));
    }

    // p0 = .6 is more than .4, but not as much as images of class 0 have
    [Fact]
    public void Being_likelier_of_another_class_is_not_enough()
    {
        var unsure = (float[,])probabilities.Clone();
        (unsure[6, 0], unsure[6, 1]) = (.6f, .4f);

        var found = ConfidentLearning.Of(unsure, labels);

        Assert.Equal([3], found.Ranked.Where(doubt => doubt.IsSuspected).Select(doubt => doubt.Image));
    }

    // a finding that one in four has, and that no model is sure of: images of class 0 count for 1 from .3 on, but 0 is likelier
    [Fact]
    public void Rare_class_is_not_suspected_of_images_that_are_likelier_none_of_it()
    {
        var found = ConfidentLearning.Of(new[,] { { .9f, .1f }, { .65f, .35f }, { .95f, .05f }, { .7f, .3f } }, new byte[,] { { 0 }, { 0 }, { 0 }, { 1 } });

        Assert.Equal(.3, found.Thresholds[1]!.Value, 1e-6);
        Assert.DoesNotContain(found.Ranked, doubt => doubt.IsSuspected);
    }

    // image 0 is likeliest of class 1, of which it is not as sure as others; it counts for class 2
    [Fact]
    public void Class_that_it_counts_for_is_suggested()
    {
        var found = ConfidentLearning.Of(new[,] { { .1f, .5f, .4f }, { .9f, .1f, 0 }, { 0, 1, 0 }, { .3f, .4f, .3f } }, new byte[,] { { 0 }, { 0 }, { 1 }, { 2 } });

        var first = found.Ranked[0];
        Assert.Equal((0, 2, true, -.3), (first.Image, first.Suggested, first.IsSuspected, Math.Round(first.Margin, 6)));
    }

    [Fact]
    public void Class_without_images_is_suggested_but_never_suspected()
    {
        var found = ConfidentLearning.Of(new[,] { { .5f, .1f, .4f }, { .1f, .2f, .7f }, { .1f, .8f, .1f } }, new byte[,] { { 0 }, { 0 }, { 1 } });

        Assert.Null(found.Thresholds[2]);
        Assert.Equal((1, 2), (found.Ranked[0].Image, found.Ranked[0].Suggested));
        Assert.DoesNotContain(found.Ranked, doubt => doubt.IsSuspected);
    }
}
