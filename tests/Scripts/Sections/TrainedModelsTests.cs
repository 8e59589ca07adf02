using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Evaluation.Cases;
using MedTransfer.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class TrainedModelsTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private Outcome Of(string way, int seed, int i) => made.Outcome(way, seed, new HandMade
    {
        Test = HandMadeSplit.Of([.. Enumerable.Range(0, ReaderStudy.Images).Select(image => (ReaderStudy.Labels[image, 0], ReaderStudy.Rating(i, seed, image) / 256f))]),
    });

    [Fact]
    public void First_seeds_models_stand_with_intervals_of_test_images()
    {
        var sections = TrainedModels.table(files.Lab, "no transfer", TargetSize.AllImages, ListModule.OfSeq<Outcome>([Of("no transfer", 0, 1), Of("no transfer", 1, 1), Of("frozen", 0, 0), Of("frozen", 1, 0)]));
        var table = sections.TableOf("models-all");

        Assert.Equal(["no transfer", "frozen"], table.RowKeys);
        // pROC 1.18.0: auc, and qlogis(auc) -+ qnorm(.975) sqrt(var) / (auc (1 - auc)) turned back; roc.test(paired = TRUE)
        Assert.Equal("0.683 [0.533, 0.802]", table.Cell("frozen", "ROC AUC"));
        Assert.Equal("-0.074 [-0.143, -0.005], p = 0.036", table.Cell("frozen", "ROC AUC minus no transfer"));
        // 2 of 24 positives lie above 128 of 256, and none of 36 negatives; statsmodels 0.13.5, proportion_confint(.., method="wilson") and "beta"
        var positives = Enumerable.Range(0, ReaderStudy.Images).Count(image => ReaderStudy.IsPositive(image) && ReaderStudy.Rating(0, 0, image) > 128);
        var negatives = Enumerable.Range(0, ReaderStudy.Images).Count(image => !ReaderStudy.IsPositive(image) && ReaderStudy.Rating(0, 0, image) > 128);
        Assert.Equal((2, 0), (positives, negatives));
        Assert.Equal(["0.633 [0.507, 0.744]", "0.083 [0.010, 0.270]", "1.000 [0.903, 1.000]"], new[] { "test ACC", "sensitivity", "specificity" }.Select(column => table.Cell("frozen", column)));
        Assert.Equal(["", ""], new[] { "ROC AUC minus no transfer", "right alone, against no transfer" }.Select(column => table.Cell("no transfer", column)));
        Assert.Contains("of ACC Wilson's, of sensitivity and specificity Clopper and Pearson's", sections.CaptionOf("models-all"), StringComparison.Ordinal);
        // alone right, of 60: those that McNemar counts
        var right = new[] { 0, 1 }.Select(i => Enumerable.Range(0, ReaderStudy.Images).Select(image => ReaderStudy.Rating(i, 0, image) > 128 == ReaderStudy.IsPositive(image)).ToArray()).ToArray();
        var (own, other) = (right[0].Zip(right[1]).Count(pair => pair is (true, false)), right[0].Zip(right[1]).Count(pair => pair is (false, true)));
        Assert.StartsWith($"{own} against {other}", table.Cell("frozen", "right alone, against no transfer"), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_with_a_chosen_penalty_say_their_own()
    {
        ChosenPenalty Of(double chosen) => new(chosen, 5, [new(0.01, 0.6, 0.1), new(0.1, 0.5, 0.1), new(1, 0.4, 0.1)]);
        HandMade Usual(ChosenPenalty? penalty) => new() { Penalty = penalty };
        var outcomes = made.Way("no transfer", (0.7, 0.8)).Concat(made.Way("frozen", Usual(Of(0.1)), Usual(Of(1)))).Concat(made.Way("random", Usual(Of(0.01)), Usual(Of(1))));

        var sections = TrainedModels.table(files.Lab, "no transfer", TargetSize.AllImages, ListModule.OfSeq(outcomes));

        Assert.Equal(["", "0.1", "0.01; the strongest tried"], new[] { "no transfer", "frozen", "random" }.Select(way => sections.TableOf("models-all").Cell(way, "C")));
        Assert.Contains("the C that a converged head chose on its training images", sections.CaptionOf("models-all"), StringComparison.Ordinal);
        Assert.DoesNotContain("C", TrainedModels.table(files.Lab, "no transfer", TargetSize.AllImages, ListModule.OfSeq(made.Way("no transfer", (0.7, 0.8)))).TableOf("models-all").ColumnKeys);
    }

    [Fact]
    public void Patients_with_several_images_have_intervals_over_patients()
    {
        // ten patients who are all alike vary nothing, so that there is no interval where images alone would give one
        var sections = TrainedModels.table(files.Lab, "no transfer", TargetSize.AllImages, ListModule.OfSeq(made.Way("no transfer", (0.7, 0.8))));
        Assert.Equal(["0.800", "0.700"], new[] { "ROC AUC", "test ACC" }.Select(column => sections.TableOf("models-all").Cell("no transfer", column)));
        Assert.Contains("which test patients there are", sections.CaptionOf("models-all"), StringComparison.Ordinal);
        Assert.Contains("variances over patients", sections.CaptionOf("models-all"), StringComparison.Ordinal);
    }
}
