using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>The recipe for anybody's images, on small sets.</summary>
[Collection(OneAtATime.Name)]
public sealed class TransfersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TransfersTests()
    {
        SyntheticSets.Write(folder["source.npz"], labels: 1, counts: [60, 20, 20]);
        SyntheticSets.Write(folder["split.npz"], labels: 1, counts: [40, 20, 20], seed: 9);
        SyntheticSets.Write(folder["whole.npz"], labels: 1, counts: [50, 0, 0], seed: 8);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Set_without_splits_is_judged_by_five_folds_a_seed()
    {
        var (code, errors) = Run([folder["whole.npz"], "--source", folder["source.npz"], "--ways", "frozen", "--seeds", "2", "--epochs", "1"], lab =>
        {
            Assert.False(Transfers.hasTest(lab));
            var planned = Transfers.ways(lab, Transfers.sources(lab));
            Assert.Equal(["pretraining on source", "pretraining on source"], planned.Item1.Select(trial => trial.Label));
            string[] names = ["majority class", "mean brightness", "pixel regression", "no transfer", "source, random features", "source, frozen"];
            Assert.Equal(names, planned.Item2.Select(way => way.Name).Distinct());
            Assert.Equal(2 * 5 * names.Length, planned.Item2.Length);

            var results = lab.Run(planned.Item1, planned.Item2);
            var tested = Transfers.tested(lab, results.Outcomes);
            Assert.All(tested, one => Assert.Equal(Enumerable.Range(0, 50), one.Tested.Parts.SelectMany(part => part.Predictions.FileIndices!).Order()));
            Assert.Equal(0.5, tested.First(one => one.Way == "majority class").Tested.Score("rocAuc")!.Value);

            var recommendation = Transfers.recommend(lab, results.Outcomes, tested)!.Value;
            Assert.Equal("source, frozen", recommendation.Way);
            Assert.Equal([("source, frozen", 10)], recommendation.Chosen.Select(pair => (pair.Item1, pair.Item2)));
            Assert.Equal(Transfers.less("source, frozen", "no transfer", tested)!.Difference, recommendation.OverNone!.Difference, 1e-12);

            Publication.publish(lab, "t", "q", results, List([.. TransferAnswer.section(lab, results.Outcomes, tested), .. TransferAnswer.ways(lab, tested), .. Setting.data(lab), .. Setting.method(lab, results)]));
        });

        Assert.True(code == 0, errors);
        var verdict = File.ReadAllText(folder["reports/transfer/verdict.txt"]);
        Assert.StartsWith("Whether transfer helps is not shown. It can't be relied on yet: there is no interval, for which five seeds, and ten images of each class, are the least. ", verdict, StringComparison.Ordinal);
        Assert.Contains("There is no test split: each of the 50 images was tested once a seed by a model that had not seen it, by five folds (stratified), 2 seeds.", verdict, StringComparison.Ordinal);
        Assert.StartsWith("row,\"ROC AUC\",ACC,\"AUC less no transfer\"\n\"majority class\",\"0.500 ± 0.000\",", File.ReadAllText(folder["reports/transfer/ways.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Set_with_splits_is_judged_on_its_test_split_by_the_way_that_validation_chooses()
    {
        var (code, errors) = Run([folder["split.npz"], "--source", folder["source.npz"], "--source", "none", "--ways", "frozen,last-stage", "--seeds", "1", "--epochs", "1"], lab =>
        {
            var planned = Transfers.ways(lab, Transfers.sources(lab));
            var results = lab.Run(planned.Item1, planned.Item2);
            var tested = Transfers.tested(lab, results.Outcomes);
            Assert.All(tested, one => Assert.Equal(20, Assert.Single(one.Tested.Parts).Predictions.Labels.Count));
            string[] transfers = ["source, frozen", "source, last stage"];
            Assert.Equal(transfers, tested.Where(one => !one.IsControl && one.Way != Transfers.none).Select(one => one.Way));

            var recommendation = Transfers.recommend(lab, results.Outcomes, tested)!.Value;
            var best = results.Outcomes.Where(outcome => transfers.Contains(outcome.Way.Name)).MaxBy(outcome => outcome.Result.Metrics.Validation!.Scores.RocAuc)!;
            Assert.Equal(best.Way.Name, recommendation.Way);
            Assert.Empty(recommendation.Chosen);
            Assert.Contains("Tested once on the 20 test images, one seed;", string.Join(' ', TransferAnswer.sentences(lab, results.Outcomes, tested)), StringComparison.Ordinal);
        });

        Assert.True(code == 0, errors);
    }

    [Fact]
    public void Ways_that_do_not_fit_the_budget_are_left_out_and_said()
    {
        var (code, errors) = Run([folder["whole.npz"], "--source", folder["source.npz"], "--ways", "frozen,fine-tuned", "--seeds", "1", "--epochs", "1", "--budget", "1s"], lab =>
        {
            var planned = Transfers.ways(lab, Transfers.sources(lab));
            var results = Transfers.run(lab, planned.Item1, planned.Item2);

            Assert.Equal(
                ["majority class", "mean brightness", "pixel regression", "no transfer", "source, random features"],
                results.Outcomes.Select(outcome => outcome.Way.Name).Distinct());
            Assert.Equal(["source, frozen", "source, fine-tuned"], results.LeftOut.Select(left => left.Way));
            Assert.All(results.LeftOut, left => Assert.Matches("^Its trainings would take about [0-9]+ s, and --budget leaves 0 s[.]$", left.Reason));
            Assert.Empty(results.Pretraining);
            Assert.Null(Transfers.recommend(lab, results.Outcomes, Transfers.tested(lab, results.Outcomes)));
        });

        Assert.True(code == 0, errors);
        Assert.Contains("Left out: source, fine-tuned: Its trainings would take", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Trainings_are_foretold_from_the_one_that_was_tried()
    {
        // ten times its work, by two workers of which each is slower beside the other
        Assert.Equal(4 * 1.5 * 10 / 2, Budget.expected(2, new(5, 4), 50), 1e-12);
        Assert.Equal(40, Budget.expected(1, new(5, 4), 50), 1e-12);

        // 2 s a unit of other networks: 100 units take 200 s, or a third of that
        Budget.Known[] known = [new(1, 1), new(2, 5)];
        Assert.True(Budget.isInReach(1, List(known), 100, 70));
        Assert.False(Budget.isInReach(1, List(known), 100, 60));
        Assert.True(Budget.isInReach(2, List(known), 100, 60));
        Assert.True(Budget.isInReach(1, ListModule.Empty<Budget.Known>(), 100, 0));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1.5H", 5400)]
    public void Budget_is_a_time_with_its_unit(string text, double seconds)
    {
        Assert.Equal(seconds, CommandLine.parse(ExperimentModule.transfer, "project", List("--budget", text)).Budget!.Value.TotalSeconds);
        Assert.Equal(
            "--budget is '10', but must be a time with its unit, such as 90s, 10m or 2h.",
            Assert.Throws<MedTransferException>(() => CommandLine.parse(ExperimentModule.transfer, "project", List("--budget", "10"))).Message);
    }

    // folds hold out what a source may have learned from
    [Fact]
    public void Source_with_images_of_a_set_without_a_test_split_is_a_leak_and_the_set_itself_none_at_all()
    {
        SyntheticSets.Write(folder["copy.npz"], labels: 1, counts: [50, 20, 20], seed: 8);   // draws the same first images

        var (code, errors) = Run([folder["whole.npz"], "--source", folder["copy.npz"]], _ => Assert.Fail("nothing trains"));
        Assert.Equal(1, code);
        Assert.Contains(
            "error: whole: 50 of 50 images of train are in the source, copy, too, pixel by pixel: scores on what folds hold out tell in part what was learnt by heart: take these images out of the source, or choose another one. "
            + "Or go on with --allow source-in-test,",
            errors,
            StringComparison.Ordinal);

        Run([folder["whole.npz"], "--source", folder["whole.npz"]], lab => Assert.StartsWith(
            "--source is whole, the set that is asked about: ",
            Assert.Throws<MedTransferException>(() => Transfers.sources(lab)).Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Sources_of_one_name_are_refused()
    {
        Directory.CreateDirectory(folder["other"]);
        File.Copy(folder["source.npz"], folder["other/source.npz"]);

        Run([folder["whole.npz"], "--source", folder["source.npz"], "--source", folder["other/source.npz"]], lab =>
            Assert.Equal(
                "2 sources are called source: give their files other names, so that tables can tell them apart.",
                Assert.Throws<MedTransferException>(() => Transfers.ways(lab, Transfers.sources(lab))).Message));
    }

    [Theory]
    [InlineData("One set is asked about, but 'a' and 'b' are named; more sources are named with --source.", "a", "b")]
    [InlineData("--target is no option of transfer", "--target", "a.npz")]
    [InlineData("unrecognized argument: '--nonsense'", "--nonsense")]
    public void Wrong_usage_is_refused_in_one_line(string start, params string[] words) =>
        Assert.StartsWith(start, Assert.Throws<MedTransferException>(() => CommandLine.parse(ExperimentModule.transfer, "project", List(words))).Message, StringComparison.Ordinal);

    [Fact]
    public void Sources_and_ways_are_read()
    {
        var options = CommandLine.parse(ExperimentModule.transfer, "project", List("my-images", "--source", "a.npz", "--source", "b.onnx", "--ways", "frozen,lp-ft"));

        Assert.Equal(("my-images", null), (options.Target?.Value, options.Source?.Value));
        Assert.Equal(["a.npz", "b.onnx"], options.Sources);
        Assert.Equal(["frozen", "lp-ft"], options.Plans!.Value.Select(plan => plan.ToString()));
        Assert.StartsWith(
            "--source is named 2 times, but task2 has one: name it once.",
            Assert.Throws<MedTransferException>(() => CommandLine.parse(ExperimentModule.task2, "project", List("--source", "a.npz", "--source", "b.npz"))).Message,
            StringComparison.Ordinal);
    }

    private static FSharpList<T> List<T>(params IEnumerable<T> values) => ListModule.OfSeq(values);

    private (int Code, string Errors) Run(string[] words, Action<Lab> body)
    {
        var run = CapturedRun.Of(ExperimentModule.transfer, [.. words, "--workers", "1", "--offline", "--out", folder.Path], body);
        return (run.Code, run.Errors);
    }
}
