using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class LowDataTests : IDisposable
{
    private static readonly TargetSize Fifty = TargetSize.NewImages(50);
    private static readonly (double?, double, double)[] Turns = [(0.7, 0.5, 0.9), (0.7, 0.4, 0.5), (0.7, 0.3, 0.8)];

    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task1);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private static HandMade Auc(TargetSize size, double train, double validation, double test, double accuracy = 0.6) => new()
    {
        Size = size,
        Train = HandMadeSplit.Of(0.9, train, images: 50),
        Validation = HandMadeSplit.Of(0.7, validation),
        Test = HandMadeSplit.Of(accuracy, test),
        Epochs = Turns,
    };

    private static HandMade Control(TargetSize size, double test) => Auc(size, 0.5, 0.5, test) with { IsControl = true };

    private FSharpList<Outcome> Few(double train, params TargetSize[] sizes) => ListModule.OfSeq(sizes.SelectMany(size => new[]
    {
        made.Way("mean brightness", Control(size, 0.66), Control(size, 0.66), Control(size, 0.66), Control(size, 0.66), Control(size, 0.66)),
        made.Way("pixel regression", Control(size, 0.70), Control(size, 0.71), Control(size, 0.69), Control(size, 0.70), Control(size, 0.70)),
        made.Way("plain", Auc(size, train, 0.70, 0.68), Auc(size, train + 0.01, 0.71, 0.72), Auc(size, train, 0.69, 0.70), Auc(size, train, 0.70, 0.69), Auc(size, train + 0.01, 0.71, 0.71)),
    }.SelectMany(outcomes => outcomes)));

    private FSharpList<Report.Section> Curve(FSharpList<Outcome> outcomes, Lab? lab = null, params TargetSize[] sizes) =>
        LowData.learningCurve(lab ?? files.Lab, "plain", ListModule.OfSeq(sizes), outcomes);

    [Fact]
    public void Table_1_shows_scores_and_the_gap_of_train_less_test()
    {
        var table = LowData.tables(files.Lab, MapModule.Empty<string, Table.Study>().Add("plain", new(0.997, 0.58)), "plain", Fifty, Few(0.98, Fifty), Few(0.98, Fifty), Few(0.98, Fifty));
        Assert.Equal(
            ["0.900 ± 0.000", "0.600 ± 0.000", "0.300 ± 0.000", "0.984 ± 0.005", "0.700 ± 0.016 [0.680, 0.719]", "0.284 ± 0.011", "0.997", "0.580"],
            table.TableOf("table1").Row("plain"));
        Assert.Contains("50 training images, none of validation; 5 seeds, mean ± standard deviation, each seed on a sample of its own", table.CaptionOf("table1"));
        var easiness = Assert.Single(table.Texts());
        Assert.Contains("reaches a test AUC of 0.660 ± 0.000, regression on the pixels 0.700 ± 0.007; plain minus the one +0.040 [+0.020, +0.060]", easiness);
        Assert.Contains("minus the other 0.000 [-0.018, +0.018]", easiness);
    }

    [Theory]
    [InlineData(0.98, "overfits: train AUC 0.984 ± 0.005, validation 0.702 ± 0.008; validation loss up by 0.30 since the epoch at which the other seeds' is lowest")]
    [InlineData(0.60, "underfits: train AUC 0.604 ± 0.005, less than the 0.700 ± 0.007 of pixel regression on test")]
    [InlineData(0.70, "no gap to be told from these seeds")]
    public void Fit_is_read_from_train_validation_and_the_best_control(double train, string fit)
    {
        // rises that are equal for all seeds are no test: those of one seed differ
        var outcomes = ListModule.OfSeq(Few(train, Fifty).Select((outcome, i) => i % 5 != 1 || outcome.Way.IsControl
            ? outcome
            : made.Outcome("plain", 1, Auc(Fifty, train + 0.01, 0.71, 0.72) with { Epochs = [(0.7, 0.5, 0.95), (0.7, 0.4, 0.49), (0.7, 0.3, 0.8)] })));
        Assert.Equal(fit, Curve(outcomes, null, Fifty).TableOf("learning-curve").Cell("50", "fit"));
    }

    [Fact]
    public void One_seed_is_not_tested_and_phantoms_have_no_words()
    {
        var one = ListModule.OfSeq(Few(0.98, Fifty).Where(outcome => outcome.Way.Seed == 0));
        Assert.Equal("not tested", Curve(one, null, Fifty).TableOf("learning-curve").Cell("50", "fit"));
        using var phantoms = HandMadeLab.OnPhantoms(ExperimentModule.task1);
        var table = Curve(Few(0.98, Fifty), phantoms.Lab, Fifty).TableOf("learning-curve");
        Assert.DoesNotContain("fit", table.ColumnKeys);
        Assert.Equal(["0.984 ± 0.005", "0.702 ± 0.008", "0.700 ± 0.016", "0.600 ± 0.000", "0.660 ± 0.000", "0.700 ± 0.007"], table.Row("50"));
    }

    [Fact]
    public void Control_that_is_missing_at_a_size_leaves_its_cell_empty_and_no_other()
    {
        var outcomes = ListModule.OfSeq(Few(0.98, Fifty, TargetSize.AllImages).Where(outcome => outcome.Way.Name != "mean brightness" || outcome.Way.Size.Equals(Fifty)));
        var table = Curve(outcomes, null, Fifty, TargetSize.AllImages).TableOf("learning-curve");
        Assert.Equal("undefined", table.Cell("all", "mean brightness, test AUC"));
        Assert.Equal("0.700 ± 0.007", table.Cell("all", "pixel regression, test AUC"));
    }
}
