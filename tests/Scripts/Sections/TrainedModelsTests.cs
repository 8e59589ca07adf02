using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Evaluation.Cases;
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
        Assert.Equal("-0.074 [-0.143, -0.005], p = 0.036", table.Cell("frozen", "ROC AUC less no transfer"));
        // no rating reaches 128 of 256 but of some positives, so that all 36 negatives are right: statsmodels, proportion_confint(36, 36, method="beta") = .903, 1
        Assert.Equal("1.000 [0.903, 1.000]", table.Cell("frozen", "specificity"));
        Assert.Equal(["", ""], new[] { "ROC AUC less no transfer", "right alone, against no transfer" }.Select(column => table.Cell("no transfer", column)));
        Assert.Contains("of ACC Wilson's, of sensitivity and specificity Clopper and Pearson's", sections.CaptionOf("models-all"), StringComparison.Ordinal);
        // alone right, of 60: those that McNemar counts
        var right = new[] { 0, 1 }.Select(i => Enumerable.Range(0, ReaderStudy.Images).Select(image => ReaderStudy.Rating(i, 0, image) > 128 == ReaderStudy.IsPositive(image)).ToArray()).ToArray();
        var (own, other) = (right[0].Zip(right[1]).Count(pair => pair is (true, false)), right[0].Zip(right[1]).Count(pair => pair is (false, true)));
        Assert.StartsWith($"{own} against {other}", table.Cell("frozen", "right alone, against no transfer"), StringComparison.Ordinal);
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
