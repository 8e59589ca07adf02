using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Tasks;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Testing;

namespace MedTransfer.Tests.Trials.Testing;

/// <summary>Ways tested on three folds of twelve images, of four each: two of either class.</summary>
public sealed class ChosenWayTests
{
    private const int Folds = 3, Each = 4;

    private static readonly Patients All = Patients.OfImages(Folds * Each);

    [Fact]
    public void Score_of_folds_is_the_mean_of_their_own()
    {
        // AUCs of 1, 3/4 and 1/2
        var way = Way(4, 3, 2);

        Assert.Equal(0.75, way.Score(Metric.RocAuc)!.Value, 1e-12);
        Assert.Equal(0.625, way.ScoreWithout(0, Metric.RocAuc)!.Value, 1e-12);
        Assert.Equal(0.875, way.ScoreWithout(2, Metric.RocAuc)!.Value, 1e-12);
        Assert.Null(new TestedWay([way.Parts[0]]).ScoreWithout(0, Metric.RocAuc));
    }

    [Fact]
    public void Way_of_a_fold_is_the_best_on_the_others_whatever_it_does_there()
    {
        // the first is best on the last fold alone, where it is not chosen for it
        var (first, second) = (Way(2, 2, 4), Way(3, 3, 0));

        var chosen = ChosenWay.Of([("first", first), ("second", second)], Metric.RocAuc);

        // without fold 0: 3/4 against 3/8; without 1 the same; without 2: 1/2 against 3/4
        Assert.Equal(["first", "first", "second"], chosen.Names);
        Assert.Equal([first.Parts[0], first.Parts[1], second.Parts[2]], chosen.Tested.Parts);
        Assert.Equal((0.5 + 0.5 + 0) / 3, chosen.Tested.Score(Metric.RocAuc)!.Value, 1e-12);
    }

    // an AUC that is full tells nothing apart: then the way counts that is right more often
    [Fact]
    public void Of_equal_scores_the_higher_accuracy_decides()
    {
        // halved, all probabilities lie below one half, so that no positive image is called
        Assert.Equal(["right", "right", "right"], ChosenWay.Of([("wrong", new([.. Way(4, 4, 4).Parts.Select(part => new TestedPart(part.Task, Halved(part.Predictions), part.Patients))])), ("right", Way(4, 4, 4))], Metric.RocAuc).Names);

        static SplitPredictions Halved(SplitPredictions predictions)
        {
            var halves = (float[,])predictions.Probabilities.Clone();
            for (var image = 0; image < Each; image++)
                (halves[image, 1], halves[image, 0]) = (halves[image, 1] / 2, 1 - halves[image, 1] / 2);
            return predictions with { Probabilities = halves };
        }
    }

    [Fact]
    public void Of_equals_the_first_is_taken() =>
        Assert.Equal(["a", "a", "a"], ChosenWay.Of([("a", Way(3, 3, 3)), ("b", Way(3, 3, 3))], Metric.RocAuc).Names);

    [Fact]
    public void Fewer_folds_or_others_leave_nothing_to_choose_by()
    {
        Assert.Throws<ArgumentException>(() => ChosenWay.Of([("a", new([Way(4, 4, 4).Parts[0]]))], Metric.RocAuc));
        Assert.Throws<ArgumentException>(() => ChosenWay.Of([("a", Way(4, 4, 4)), ("b", new([.. Way(4, 4, 4).Parts.Take(2)]))], Metric.RocAuc));
    }

    /// <param name="wins">Of the four pairs of each fold, in how many the positive image scores higher.</param>
    private static TestedWay Way(params int[] wins) => new([.. wins.Select((won, fold) => Part(fold, won))]);

    // two positives above or below two negatives
    private static TestedPart Part(int fold, int wins)
    {
        float[] positives = wins switch { 4 => [0.9f, 0.8f], 3 => [0.9f, 0.25f], 2 => [0.9f, 0.1f], _ => [0.1f, 0.05f] };
        float[] scores = [.. positives, 0.3f, 0.2f];
        var (probabilities, labels) = (new float[Each, 2], new byte[Each, 1]);
        for (var image = 0; image < Each; image++)
            (probabilities[image, 0], probabilities[image, 1], labels[image, 0]) = (1 - scores[image], scores[image], (byte)(image < 2 ? 1 : 0));
        int[] places = [.. Enumerable.Range(fold * Each, Each)];
        return new(LearningTask.Of(LabelTask.BinaryClass), new SplitPredictions(SplitName.Test, places, Labels.Of(labels), probabilities), All.Subset(places));
    }
}
