using System.Globalization;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class DecisionTests : IDisposable
{
    private const string Way = "no transfer";

    private readonly HandMadeOutcomes made = new();

    // three of four positives at .7 or above
    private static readonly HandMadeSplit Validation = HandMadeSplit.Of(
        [(1, 0.9f), (1, 0.8f), (1, 0.7f), (1, 0.6f), (0, 0.65f), (0, 0.5f), (0, 0.4f), (0, 0.3f)]);

    // its own threshold for a sensitivity of .75 would be .5
    private static readonly HandMadeSplit Test = HandMadeSplit.Of(
        [(1, 0.95f), (1, 0.7f), (1, 0.5f), (1, 0.2f), (0, 0.72f), (0, 0.71f), (0, 0.55f), (0, 0.1f), (0, 0.05f)]);

    [Fact]
    public void Threshold_of_the_operating_point_follows_validation_where_test_differs()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2, "--sensitivity", "0.75");
        var sections = Section(lab, new HandMade { Validation = Validation, Test = Test });
        Assert.Contains("Specificity at validation's threshold for a sensitivity of 0.75 (class 1): validation 1.000, test 0.600, difference -0.400", sections.Texts()[0]);
        var table = sections.TableOf("operating-point");
        Assert.Equal(["0.700", "the same"], table.Row("threshold"));
        Assert.Equal(["0.750", "0.500"], table.Row("sensitivity (class 1)"));
        Assert.Equal(["1.000", "0.600"], table.Row("specificity (class 1)"));
        Assert.Equal(["1.000", "0.500"], table.Row("precision (class 1)"));
    }

    [Fact]
    public void Seeds_have_thresholds_of_their_own_and_are_averaged()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2, "--sensitivity", "0.75");
        var lower = HandMadeSplit.Of([(1, 0.9f), (1, 0.8f), (1, 0.5f), (1, 0.45f), (0, 0.6f), (0, 0.4f)]);
        var sections = Section(lab, new HandMade { Validation = Validation, Test = Test }, new HandMade { Validation = lower, Test = Test });
        var table = sections.TableOf("operating-point");
        Assert.Equal("0.600 ± 0.141", table.Cell("threshold", "validation"));
        Assert.Equal("0.625 ± 0.177", table.Cell("sensitivity (class 1)", "test"));
        Assert.Equal("0.500 ± 0.141", table.Cell("specificity (class 1)", "test"));
        Assert.Contains("2 seeds, mean ± standard deviation", sections.CaptionOf("operating-point"));
    }

    [Fact]
    public void The_other_class_is_positive_where_it_is_named()
    {
        static HandMadeSplit Of0(HandMadeSplit split) => split with { Scores = MedTransfer.Evaluation.Classification.ClassificationScores.OfClasses(split.Probabilities, split.Labels, positive: 0) };

        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2, "--sensitivity", "0.75", "--positive", "0");
        var sections = Section(lab, new HandMade { Validation = Of0(Validation), Test = Of0(Test) });
        var table = sections.TableOf("operating-point");
        Assert.Equal(["0.500", "the same"], table.Row("threshold"));
        Assert.Equal(["0.750", "0.400"], table.Row("sensitivity (class 0)"));
        Assert.Equal(["1.000", "0.500"], table.Row("specificity (class 0)"));
        Assert.Equal(["0.750", "0.400", "-0.350"], sections.TableOf("all-scores").Row("sensitivity (class 0)"));
        Assert.Contains("of class 0.", sections.CaptionOf("all-scores"));
    }

    [Fact]
    public void Every_score_stands_on_validation_on_test_and_their_difference()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var sections = Section(lab, new HandMade { Validation = Validation, Test = Test });
        var table = sections.TableOf("all-scores");
        Assert.Equal(["0.875", "0.444", "-0.431"], table.Row("ACC"));
        Assert.Equal(["1.000", "0.500", "-0.500"], table.Row("sensitivity (class 1)"));
        Assert.Equal(["0.750", "0.400", "-0.350"], table.Row("specificity (class 1)"));
        Assert.Equal(["0.800", "0.400", "-0.400"], table.Row("precision (class 1)"));
        Assert.Equal(["0.938", "0.600", "-0.338"], table.Row("ROC AUC"));
        Assert.Contains("by default; --positive names the other", sections.CaptionOf("all-scores"));
    }

    [Theory]
    [InlineData(0.12, 0.02, "validation promises more than test keeps")]
    [InlineData(0.02, 0.12, "test is easier than validation")]
    [InlineData(0.08, 0.08, "no difference to be told")]
    public void What_validation_foretells_is_read_from_the_interval(double validation, double test, string reading)
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var text = Section(lab, new HandMade { Validation = Apart(validation), Test = Apart(test) }).Texts()[0];
        var auc = text[text.IndexOf("ROC AUC: ", StringComparison.Ordinal)..text.IndexOf("ACC: ", StringComparison.Ordinal)];
        var figures = new[] { validation, test }.Select(shift => Apart(shift).Scores.RocAuc!.Value).ToArray();
        Assert.StartsWith(FormattableString.Invariant($"ROC AUC: validation {figures[0]:F3}, test {figures[1]:F3}, difference {figures[1] - figures[0]:F3} ["), auc);
        Assert.EndsWith($"]: {reading}. ", auc);
        var ends = auc[(auc.IndexOf('[') + 1)..auc.IndexOf(']')].Split(", ").Select(end => double.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        Assert.InRange(figures[1] - figures[0], ends[0], ends[1]);
    }

    [Fact]
    public void Phantoms_have_figures_and_no_reading()
    {
        using var lab = HandMadeLab.OnPhantoms(ExperimentModule.task2);
        var sections = Section(lab, new HandMade { Validation = Apart(0.12), Test = Apart(0.02) });
        Assert.Equal(3, sections.Texts()[0].Split("]: no reading.").Length - 1);
        Assert.DoesNotContain("promises more", sections.Texts()[0]);
        Assert.Contains("(pneumonia)", sections.Texts()[0]);
        Assert.Contains("sensitivity (pneumonia)", sections.TableOf("operating-point").RowKeys);
        Assert.EndsWith("are of pneumonia.", sections.CaptionOf("operating-point"));
    }

    [Fact]
    public void Without_positives_in_validation_there_is_no_threshold()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var sections = Section(lab, new HandMade { Validation = HandMadeSplit.Of([(0, 0.2f), (0, 0.7f), (0, 0.4f)]), Test = Test });
        Assert.Contains("(class 1): undefined: no positive image in validation.", sections.Texts()[0]);
        Assert.Contains("ROC AUC: undefined: no positive image in validation.", sections.Texts()[0]);
        Assert.Equal("undefined", sections.TableOf("operating-point").Cell("specificity (class 1)", "test"));
    }

    [Fact]
    public void What_a_seed_has_not_is_no_part_of_a_mean_and_is_counted()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2, "--sensitivity", "0.75");
        var sections = Section(
            lab,
            new HandMade { Validation = Validation, Test = Test },
            new HandMade { Validation = HandMadeSplit.Of([(0, 0.2f), (0, 0.3f), (0, 0.4f)]), Test = HandMadeSplit.Of([(0, 0.2f), (1, 0.3f)]) });
        // the second never answers positive on test, and has no positive image in validation
        Assert.Equal(["0.800 (1 of 2 seeds)", "0.400 (1 of 2 seeds)", "-0.400 (1 of 2 seeds)"], sections.TableOf("all-scores").Row("precision (class 1)"));
        Assert.Equal(["0.938 (1 of 2 seeds)", "0.800 ± 0.283", "-0.338 (1 of 2 seeds)"], sections.TableOf("all-scores").Row("ROC AUC"));
        Assert.Equal(["0.700 (1 of 2 seeds)", "the same"], sections.TableOf("operating-point").Row("threshold"));
        Assert.Equal("0.500 (1 of 2 seeds)", sections.TableOf("operating-point").Cell("precision (class 1)", "test"));
    }

    [Fact]
    public void Figure_that_never_varies_is_not_tested()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var text = Section(lab, new HandMade { Validation = HandMadeSplit.Of([(1, 0.9f), (0, 0.1f), (1, 0.8f), (0, 0.2f)]), Test = Test }).Texts()[0];
        Assert.Contains("ACC: validation 1.000, test 0.444, difference -0.556 (no interval: too few images that differ): not tested.", text);
    }

    [Fact]
    public void A_way_that_was_left_out_has_no_scores()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        Assert.Equal(["prevalence"], Decision.section(lab.Lab, Way, ListModule.OfSeq(made.Way("other", (0.5, 0.5)))).Tables());
    }

    public void Dispose() => made.Dispose();

    private FSharpList<Report.Section> Section(HandMadeLab lab, params HandMade[] seeds) =>
        Decision.section(lab.Lab, Way, ListModule.OfSeq(made.Way(Way, seeds)));

    // 200 images of each class, evenly spread, the classes apart by twice the shift
    private static HandMadeSplit Apart(double shift) => HandMadeSplit.Of(
        [.. Enumerable.Range(0, 400).Select(i => ((byte)(i % 2), (float)(0.35 + 0.3 * (i / 2) / 199.0 + (i % 2 == 1 ? shift : -shift))))]);
}
