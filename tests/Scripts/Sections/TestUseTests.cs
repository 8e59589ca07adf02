using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Section = MedTransfer.Recipes.Sections.TestUse;

namespace MedTransfer.Tests.Scripts.Sections;

[Collection(OneAtATime.Name)]
public sealed class TestUseTests
{
    private const string Ends = ": each further look at the same images makes the best of them look better than it is.";

    [Fact]
    public void Sentence_says_how_often_with_what_by_whom_and_since_when()
    {
        Assert.Equal(
            $"The test images of own were scored 1,402 times, with 14 configurations, by task2 (since 2026-11-26){Ends}",
            Section.sentence("own", Known(0, [.. Enumerable.Range(0, 1402).Select(i => Scoring(i, i % 14, "task2"))]), Names("0")));
        Assert.Equal(
            $"The test images of own were scored once, with 1 configuration, by task1 (on 2026-11-26){Ends}",
            Section.sentence("own", Known(0, Scoring(0, 0, "task1")), Names("0")));
        Assert.Equal(
            $"The test images of own were scored 3 times, with 1 configuration, by mine, task1 and task2 (since 2026-11-26){Ends}",
            Section.sentence("own", Known(0, Scoring(0, 0, "task2"), Scoring(1, 0, "task1"), Scoring(2, 0, "mine")), Names("0")));
    }

    [Fact]
    public void Scorings_outside_recipes_are_said_to_be()
    {
        Assert.Contains(", by task1 and outside recipes (since", Section.sentence("own", Known(0, Scoring(0, 0, ""), Scoring(1, 0, "task1")), Names()), StringComparison.Ordinal);
        Assert.Contains(", outside recipes (on", Section.sentence("own", Known(0, Scoring(0, 0, "")), Names()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_ledger_lacks_is_counted_from_the_page_and_said()
    {
        Assert.Equal(
            $"The test images of own were scored at least 4 times, with at least 1 configuration, by task2 (since 2026-11-26){Ends} runs/test-ledger.csv lacks 2 of this page's 3 trials.",
            Section.sentence("own", Known(0, Scoring(0, 0, "task2"), Scoring(7, 0, "task2")), Names("0", "1", "2")));
        Assert.Equal(
            $"The test images of own were scored at least once{Ends} runs/test-ledger.csv lacks 1 of this page's 1 trial.",
            Section.sentence("own", Known(0), Names("0")));
    }

    [Fact]
    public void Lines_that_cannot_be_read_make_the_count_a_least_one()
    {
        Assert.Equal(
            $"The test images of own were scored at least 2 times, with at least 1 configuration, by task2 (since 2026-11-26){Ends} 1 line of runs/test-ledger.csv can't be read.",
            Section.sentence("own", Known(1, Scoring(0, 0, "task2"), Scoring(1, 0, "task2")), Names("0")));
        Assert.EndsWith(" 2 lines of runs/test-ledger.csv can't be read.", Section.sentence("own", Known(2, Scoring(0, 0, "task2")), Names("0")), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_has_a_sentence_a_set_on_whose_test_images_its_trials_were_scored()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var pretraining = Trial(lab.Lab, lab.Lab.Source, "pretraining", 0);
        Way OnTarget(int seed) => WayModule.control("brightness", TargetSize.AllImages, seed, Trial(lab.Lab, lab.Lab.Target, "brightness", seed));
        Results Run(FSharpList<Trial> parents, params Way[] ways) => lab.Lab.Run(parents, ListModule.OfSeq(ways));

        var first = Section.section(lab.Lab, Run(ListModule.Empty<Trial>(), OnTarget(0))).Texts();
        var second = Section.section(lab.Lab, Run(ListModule.OfSeq([pretraining]), OnTarget(1))).Texts();

        Assert.StartsWith("The test images of target were scored once, with 1 configuration, by task2 (on 20", Assert.Single(first), StringComparison.Ordinal);
        Assert.Equal(2, second.Count);
        Assert.StartsWith("The test images of source were scored once, with 1 configuration, by task2 (on 20", second[0], StringComparison.Ordinal);
        Assert.StartsWith("The test images of target were scored 2 times, with 1 configuration, by task2 (since 20", second[1], StringComparison.Ordinal);
    }

    private static TestScoring Scoring(int trial, int configuration, string recipe) =>
        new(new(2026, 11, 26 + trial % 3, 23, 59, 59, TimeSpan.Zero), recipe, "", $"{configuration}", $"{trial}");

    private static TestUse Known(int unreadable, params TestScoring[] scorings) => new(scorings, unreadable);

    private static FSharpList<string> Names(params string[] trials) => ListModule.OfSeq(trials);

    private static Trial Trial(Lab lab, LocatedDataset set, string label, int seed) =>
        lab.Trial(label, set.All, TransferPlan.RandomFeatures, new FitOptions { Solver = Solver.LogisticRegression }, seed, Architecture.MeanBrightness, null, null);
}
