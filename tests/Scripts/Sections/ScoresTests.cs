using MedTransfer.Evaluation.Classification;
using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class ScoresTests : IDisposable
{
    private static readonly FSharpMap<string, Table.Study> Study = MapModule.OfSeq([Tuple.Create("frozen", new Table.Study(0.958, 0.811))]);

    private readonly HandMadeOutcomes made = new();

    [Fact]
    public void Table_3_has_a_way_a_row_with_its_own_figures()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var times = HandMadeTimes.Of(("no transfer", 1, [8, 8]), ("frozen", 1, [2, 2]), ("fine-tuned", 1, [4, 4]));
        var table = Sections(lab, [.. Two("no transfer", 0.6, 9), .. Two("frozen", 0.7, 9), .. Two("fine-tuned", 0.8, 9)], times).TableOf("table3-all");
        Assert.Equal(["no transfer", "frozen", "fine-tuned"], table.RowKeys);
        Assert.Equal(["0.600 ± 0.014", "0.700 ± 0.014", "0.800 ± 0.014"], table.RowKeys.Select(way => table.Cell(way, "test ACC")));
        Assert.Equal(["0.700 ± 0.014", "0.800 ± 0.014", "0.900 ± 0.014"], table.RowKeys.Select(way => table.Cell(way, "train ACC")));
        Assert.Equal(["0.650 ± 0.014", "0.750 ± 0.014", "0.850 ± 0.014"], table.RowKeys.Select(way => table.Cell(way, "ROC AUC")));
        // times are those taken alone, not those of the trials: twice as long, half as long
        Assert.Equal(["8.00", "2.00", "4.00"], table.RowKeys.Select(way => table.Cell(way, "time s").Split(' ')[0]));
        Assert.Equal(["2.00", "0.50", "1.00"], table.RowKeys.Select(way => table.Cell(way, "time / fine-tuned").Split(' ')[0]));
        Assert.Equal(["", "0.958", ""], table.RowKeys.Select(way => table.Cell(way, "study train ACC")));
        Assert.Equal(["", "0.811", ""], table.RowKeys.Select(way => table.Cell(way, "study test ACC")));
    }

    [Fact]
    public void Score_that_some_seeds_have_not_says_of_how_many_its_mean_is_and_its_file_has_a_column_for_that()
    {
        // the second seed never answers positive: it has no precision
        var answers = HandMadeSplit.Of([(0, 0.6f), (1, 0.7f)]);
        var never = HandMadeSplit.Of([(0, 0.2f), (1, 0.3f)]);
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var outcomes = made.Way("some", new[] { answers, never, answers }.Select(test => new HandMade { Test = test }))
            .Concat(made.Way("none", [new HandMade { Test = never }])).Concat(made.Way("all", [new HandMade { Test = answers }]));
        var table = Sections(lab, [.. outcomes]).TableOf("table3-all");
        Assert.Equal(["0.500 ± 0.000 (2 of 3 seeds)", "undefined", "0.500"], table.RowKeys.Select(way => table.Cell(way, "precision")));
        Assert.Equal("0.500 ± 0.000", table.Cell("some", "test ACC"));

        var file = Table.withSeedColumns(table);
        Assert.Equal(["0.500 ± 0.000", "undefined", "0.500"], file.RowKeys.Select(way => file.Cell(way, "precision")));
        Assert.Equal(["2 of 3", "", ""], file.RowKeys.Select(way => file.Cell(way, "precision, seeds")));
        Assert.Equal(["precision, seeds"], file.ColumnKeys.Except(table.ColumnKeys));
        Assert.Contains(",precision,\"precision, seeds\",", Table.csv("row", file), StringComparison.Ordinal);
    }

    [Fact]
    public void Smaller_sizes_refer_to_table_3_for_what_is_the_same_there()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var fifty = TargetSize.NewImages(50);
        var sections = Recipes.Sections.Scores.tables(
            lab.Lab, Study, Times.none, "no transfer", fifty, ListModule.OfSeq(made.Way("frozen", new HandMade { Size = fifty }, new HandMade { Size = fifty })));
        Assert.EndsWith(
            "to target, 50 training images, none of validation; test scores over 2 seeds, mean ± standard deviation. The columns are those of Table 3.",
            sections.CaptionOf("table3-50"), StringComparison.Ordinal);
        Assert.DoesNotContain("study train ACC", sections.TableOf("table3-50").ColumnKeys);
        Assert.StartsWith("Table 3. ", Sections(lab, [.. Two("no transfer", 0.6, 8)]).CaptionOf("table3-all"), StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_are_the_way_less_no_transfer()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var frozen = made.Way("frozen", (0.48, 0.69), (0.52, 0.73), (0.50, 0.71), (0.50, 0.70), (0.51, 0.72));
        var table = Sections(lab, [.. made.Way("no transfer", (0.5, 0.59), (0.52, 0.61), (0.52, 0.60), (0.50, 0.60), (0.52, 0.61)), .. frozen]).TableOf("differences-all");
        Assert.Equal(["frozen"], table.RowKeys);
        // SciPy 1.10.1, ttest_rel of the five: patients who are all alike add nothing
        Assert.Equal("-0.0100 [-0.0224, +0.0024], p = 0.089", table.Cell("frozen", "test ACC minus no transfer"));
        Assert.Equal("+0.1080 [+0.0976, +0.1184], p < 0.001", table.Cell("frozen", "ROC AUC minus no transfer"));
        // 90 %: t(.95, 4) = 2.132 standard errors of .00447
        Assert.Equal(["equivalent within 0.02, 90 % interval [-0.020, 0.000]", "better"], new[] { "by test ACC", "by ROC AUC" }.Select(by => table.Cell("frozen", by)));
    }

    [Fact]
    public void Seeds_pair_in_whatever_order_they_come()
    {
        using var lab = HandMadeLab.OnPhantoms(ExperimentModule.task2);
        var table = Sections(lab, [
            .. made.Way("no transfer", (0.5, 0.5), (0.9, 0.9), (0.7, 0.7), (0.6, 0.6), (0.8, 0.8)),
            .. made.Way("frozen", (0.51, 0.5), (0.91, 0.9), (0.73, 0.7), (0.61, 0.6), (0.81, 0.8)).Reverse(),
        ]).TableOf("differences-all");
        // .01, .01, .03, .01, .01: mean .014, standard error .004, t(.975, 4) = 2.7764; on phantoms without a verdict
        Assert.Equal(["ROC AUC minus no transfer", "P(better by ROC AUC)", "test ACC minus no transfer", "P(better by test ACC)"], table.ColumnKeys);
        // all of five, and five ties: Wilson's 1 / (1 + 3.8415 / 5) = .566; .5 -+ 1.96 sqrt(.05 + 3.8415 / 100) / 1.7683
        Assert.Equal(["1.00 [0.57, 1.00]", "0.50 [0.17, 0.83]"], new[] { "ACC", "AUC" }.Select(by => table.Cell("frozen", by == "ACC" ? "P(better by test ACC)" : "P(better by ROC AUC)")));
        Assert.Equal("+0.0140 [+0.0029, +0.0251], p = 0.025", table.Cell("frozen", "test ACC minus no transfer"));
        Assert.Equal("0.0000 (the same in every training: no interval)", table.Cell("frozen", "ROC AUC minus no transfer"));
    }

    [Fact]
    public void The_caption_names_the_class_that_sensitivity_is_of()
    {
        using (var lab = HandMadeLab.OnPhantoms(ExperimentModule.task2))
            Assert.Contains("F1 are of pneumonia.", Sections(lab, [.. Two("no transfer", 0.6, 8)]).CaptionOf("table3-all"));
        using (var lab = HandMadeLab.OnFiles(ExperimentModule.task2, "--positive", "0"))
            Assert.Contains("F1 are of class 0.", Sections(lab, [.. Two("no transfer", 0.6, 8)]).CaptionOf("table3-all"));
        using (var lab = HandMadeLab.OnFiles(ExperimentModule.task2))
            Assert.Contains("F1 are of class 1, the second class by default; --positive names the other.", Sections(lab, [.. Two("no transfer", 0.6, 8)]).CaptionOf("table3-all"));
    }

    [Fact]
    public void Table_2_names_the_class_too()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task1, "--positive", "0");
        var sections = Recipes.Sections.Reconstruction.transfer(
            lab.Lab, Study, Times.none, "no transfer", TargetSize.AllImages, ListModule.OfSeq(["frozen"]), ListModule.OfSeq<Outcome>([.. Two("no transfer", 0.6, 1), .. Two("frozen", 0.7, 1)]));
        Assert.Contains("F1 are of class 0.", sections.CaptionOf("table2"));
    }

    [Fact]
    public void A_row_a_trial_tells_its_positive_class()
    {
        var split = HandMadeSplit.Of([(0, 0.2f), (1, 0.7f)]);
        var of0 = split with { Scores = ClassificationScores.OfClasses(split.Probabilities, split.Labels, positive: 0) };
        var rows = Table.trials("", ListModule.OfSeq(made.Way("way", new HandMade { Test = split }, new HandMade { Test = of0 })));
        Assert.Equal([1, 0], rows.GetColumn<double>("positive class").Values);
    }

    [Fact]
    public void Ways_that_answer_one_class_alone_are_named()
    {
        var (always, tells) = (HandMadeSplit.Of([(0, 0.7f), (1, 0.8f), (1, 0.9f)]), HandMadeSplit.Of([(0, 0.2f), (1, 0.8f), (1, 0.9f)]));
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var outcomes = made.Way("no transfer", new[] { always, tells, always }.Select(test => new HandMade { Test = test }))
            .Concat(made.Way("frozen", [new HandMade { Test = tells }])).Concat(made.Way("majority class", [new HandMade { Test = always, IsControl = true }]));
        Assert.StartsWith(
            "Note: one class is the answer to every test image, in so many trainings: no transfer (2 of 3). Their ACC is that class's share",
            Assert.Single(Sections(lab, [.. outcomes]).Texts()), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_did_not_fit_are_listed()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var sections = Sections(lab, [.. made.Way("frozen", new HandMade { NotTransferred = ["features.latent.weight"] })]);
        Assert.Contains("features.latent.weight", Assert.Single(sections.Texts()));
    }

    [Fact]
    public void Weights_that_were_adapted_are_named_once_a_way()
    {
        Outcome[] outcomes = [.. made.Way("frozen", new HandMade { Adapted = ["F16 converted to F32", "prefix 'module.'"] }, new HandMade { Adapted = ["F16 converted to F32"] }), .. made.Way("no transfer", new HandMade())];

        var (way, clauses) = Assert.Single(Recipes.Sections.NotTransferred.adaptations(ListModule.OfSeq(outcomes)));

        Assert.Equal(("frozen", "F16 converted to F32; prefix 'module.'"), (way, clauses));
    }

    public void Dispose() => made.Dispose();

    // test ACC about the given, train ACC .1 above, AUC .05 above
    private IEnumerable<Outcome> Two(string way, double accuracy, double seconds) => made.Way(way, new[] { -0.01, 0.01 }.Select(shift => new HandMade
    {
        Train = HandMadeSplit.Of(accuracy + 0.1 + shift, 1),
        Test = HandMadeSplit.Of(accuracy + shift, accuracy + 0.05 + shift),
        TrainingSeconds = seconds,
    }));

    private static FSharpList<Report.Section> Sections(HandMadeLab lab, Outcome[] outcomes, Times.Timings? times = null) =>
        Recipes.Sections.Scores.tables(lab.Lab, Study, times ?? Times.none, "no transfer", TargetSize.AllImages, ListModule.OfSeq(outcomes));
}
