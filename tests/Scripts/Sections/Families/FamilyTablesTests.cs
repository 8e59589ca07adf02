using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections.Families;

/// <summary>The table of families and what is said of it, from outcomes made by hand. Patients who are all alike make intervals Student's.</summary>
[Collection(OneAtATime.Name)]
public sealed class FamilyTablesTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.methods, "--target-size", "all");

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private FSharpList<Outcome> Outcomes_ => ListModule.OfSeq<Outcome>([
        .. made.Way("no transfer", (0.7, 0.70), (0.7, 0.71), (0.7, 0.72), (0.7, 0.70), (0.7, 0.72)),
        .. made.Way("fine-tuned", (0.7, 0.80), (0.7, 0.82), (0.7, 0.81), (0.7, 0.80), (0.7, 0.83)),
        .. made.Way("CORAL", (0.7, 0.85), (0.7, 0.87), (0.7, 0.87), (0.7, 0.85), (0.7, 0.88)),
        .. made.Way("source alone", (0.5, 0.50), (0.5, 0.52), (0.5, 0.51), (0.5, 0.49), (0.5, 0.51)),
    ]);

    private FSharpList<Report.Section> Section(Lab lab) => FamilyTables.section(lab, ListModule.Empty<MedTransfer.Recipes.Families.Described>(), Times.none, Outcomes_);

    // .864 - .71 and .864 - .812; .506 - .71
    [Fact]
    public void Each_way_stands_beside_no_transfer_and_fine_tuning_with_what_it_needs()
    {
        var table = Section(files.Lab).TableOf("families-all");

        Assert.Equal(["no transfer", "fine-tuned", "CORAL", "source alone"], table.RowKeys);
        Assert.Equal(("features", "target's, source's", "yes"), (table.Cell("CORAL", "family"), table.Cell("CORAL", "labels"), table.Cell("CORAL", "source images in training")));
        Assert.Equal(("instances", "source's", "parameters", "target's"), (table.Cell("source alone", "family"), table.Cell("source alone", "labels"), table.Cell("fine-tuned", "family"), table.Cell("fine-tuned", "labels")));
        Assert.StartsWith("+0.154 [", table.Cell("CORAL", "minus no transfer"), StringComparison.Ordinal);
        Assert.StartsWith("+0.052 [", table.Cell("CORAL", "minus fine-tuned"), StringComparison.Ordinal);
        Assert.StartsWith("-0.204 [", table.Cell("source alone", "minus no transfer"), StringComparison.Ordinal);
        Assert.Equal(("", ""), (table.Cell("no transfer", "minus no transfer"), table.Cell("fine-tuned", "minus fine-tuned")));
        Assert.StartsWith("better (Holm's p", table.Cell("CORAL", "verdict on no transfer"), StringComparison.Ordinal);
    }

    [Fact]
    public void Sentences_name_what_helps_and_what_does_harm()
    {
        var said = Assert.Single(Report.flattened(Section(files.Lab)), section => section is Report.Section.Conclusion);

        Assert.Equal(
            "With all training images, better than no transfer: fine-tuned; CORAL.\nBetter than plain fine-tuning: CORAL.\nNegative transfer, worse than no transfer: source alone.",
            ((Report.Section.Conclusion)said).text);
    }

    [Fact]
    public void Figure_has_each_way_with_its_interval_in_its_familys_colour()
    {
        var charts = Assert.Single(Report.flattened(Section(files.Lab)).OfType<Report.Section.Charts>());

        var figure = Assert.Single(charts.Item2);
        Assert.StartsWith("test ROC AUC minus no transfer, with 95 % intervals: fine-tuned +0.102, from +0.", figure.Says, StringComparison.Ordinal);
        Assert.Contains("; CORAL +0.154, from ", figure.Says, StringComparison.Ordinal);
        var script = figure.Chart.GetInlineJS();
        Assert.All(["parameters", "features", "instances"], family => Assert.Contains($"\"name\":\"{family}\"", script, StringComparison.Ordinal));
        Assert.Contains("\"ticktext\":[\"fine-tuned\",\"CORAL\",\"source alone\"]", script, StringComparison.Ordinal);
    }

    // each stands beside the ways that take from it: labels of the source; a kind without labels; another source; weights that others have trained take none
    [Fact]
    public void Pretraining_has_its_seconds_beside_the_ways_that_take_from_it()
    {
        var outcomes = ListModule.OfSeq<Outcome>(new[] { "no transfer", "fine-tuned", "VICReg, frozen", "nih, frozen", "imagenet, frozen" }.SelectMany(way => made.Way(way, (0.7, 0.70), (0.7, 0.71))));
        var others = ListModule.OfSeq(new[] { "nih, frozen", "imagenet, frozen" }.Select(way => new MedTransfer.Recipes.Families.Described(way, MedTransfer.Recipes.Families.Family.Parameters, MedTransfer.Recipes.Families.learnsTarget)));
        var times = HandMadeTimes.Of(("fine-tuned", 1, [2]), ("pretraining", 10, [1]), ("VICReg", 10, [3]), ("nih", 10, [4]));

        var table = FamilyTables.section(files.Lab, others, times, outcomes).TableOf("families-all");

        Assert.Equal(["", "10.00", "30.00", "40.00", ""], new[] { "no transfer", "fine-tuned", "VICReg, frozen", "nih, frozen", "imagenet, frozen" }.Select(way => table.Cell(way, "pretraining s")));
        Assert.DoesNotContain("pretraining s", FamilyTables.section(files.Lab, others, Times.none, outcomes).TableOf("families-all").ColumnKeys);
    }

    // source: two findings; target: two classes
    [Fact]
    public void Labels_that_are_taken_for_others_are_named() =>
        Assert.Contains(Section(files.Lab).Texts(), text => text.Contains("'healthy' as '0', 'disease' as '1' is taken: they need not mean the same.", StringComparison.Ordinal));

    [Fact]
    public void On_phantoms_nothing_is_said()
    {
        using var phantoms = HandMadeLab.OnPhantoms(ExperimentModule.methods, "--target-size", "all");

        var sections = Section(phantoms.Lab);

        Assert.DoesNotContain(Report.flattened(sections), section => section is Report.Section.Conclusion);
        Assert.DoesNotContain("verdict on no transfer", sections.TableOf("families-all").ColumnKeys);
    }
}
