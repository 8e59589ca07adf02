using MedTransfer.Data;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Tasks;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Testing;

namespace MedTransfer.Tests.Trials.Testing;

/// <summary>What thresholds and temperatures are chosen on.</summary>
public sealed class DecidedPartTests
{
    [Fact]
    public void Each_fold_is_decided_on_by_all_others_and_none_of_its_own()
    {
        var way = new TestedWay([Part(0, 0.1f, 0.9f), Part(2, 0.2f, 0.8f), Part(4, 0.3f, 0.7f)]);

        var parts = DecidedPart.OfFolds(way);

        Assert.Equal(way.Parts, parts.Select(part => part.Tested));
        Assert.Equal([2, 3, 4, 5], parts[0].ChosenOn.FileIndices!);
        Assert.Equal([0, 1, 4, 5], parts[1].ChosenOn.FileIndices!);
        Assert.Equal([0.1f, 0.9f, 0.3f, 0.7f], Positive(parts[1].ChosenOn));
        Assert.Equal([0, 1, 0, 1], parts[1].ChosenOn.Labels.Values.Cast<byte>().Select(label => (int)label));
        Assert.Equal([0.1f, 0.9f, 0.2f, 0.8f], Positive(parts[2].ChosenOn));
    }

    private static float[] Positive(SplitPredictions predictions) => [.. Enumerable.Range(0, predictions.Labels.Count).Select(image => predictions.Probabilities[image, 1])];

    // an image of class 0, then one of class 1
    private static TestedPart Part(int first, float negative, float positive) => new(
        LearningTask.Of(LabelTask.BinaryClass),
        new(SplitName.Test, [first, first + 1], Labels.Of(new byte[,] { { 0 }, { 1 } }), new[,] { { 1 - negative, negative }, { 1 - positive, positive } }),
        Patients.OfImages(6).Subset([first, first + 1]));
}
