using MedTransfer.Data;
using MedTransfer.Data.Checks;
using MedTransfer.Data.Formats;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
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
        SyntheticSets.Write(folder["split.npz"], labels: 1, counts: [40, 100, 100], seed: 9);
        SyntheticSets.Write(folder["unvalidated.npz"], labels: 1, counts: [40, 20, 100], seed: 10);
        SyntheticSets.Write(folder["little.npz"], labels: 1, counts: [50, 10, 20], seed: 11);
        SyntheticSets.Write(folder["whole.npz"], labels: 1, counts: [50, 0, 0], seed: 8);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Set_without_splits_is_judged_by_five_folds_a_seed()
    {
        var (code, errors) = Run([folder["whole.npz"], "--source", folder["source.npz"], "--ways", "frozen", "--seeds", "2", "--epochs", "1"], lab =>
        {
            Assert.Equal(TestScheme.Folds, lab.TestScheme);
            var planned = Transfers.ways(lab, Sources.all(lab));
            Assert.Equal(["pretraining on source", "pretraining on source"], planned.Pretraining.Select(trial => trial.Label));
            string[] names = ["majority class", "mean brightness", "pixel regression", "no transfer", "source, random features", "source, frozen"];
            Assert.Equal(names, planned.Ways.Select(way => way.Name).Distinct());
            Assert.Equal(2 * 5 * names.Length, planned.Ways.Length);

            var results = lab.Run(planned.Pretraining, planned.Ways);
            var tested = Transfers.tested(lab, results.Outcomes);
            Assert.All(tested, one => Assert.Equal(Enumerable.Range(0, 50), one.Tested.Parts.SelectMany(part => part.Predictions.FileIndices!).Order()));
            Assert.Equal(0.5, tested.First(one => one.Way == "majority class").Tested.Score("rocAuc")!.Value);

            var recommended = Recommendations.ofWays(lab, results.Outcomes, tested);
            var recommendation = recommended!.Value;
            Assert.Equal("source, frozen", recommendation.Way);
            Assert.Equal([("source, frozen", 10)], Recommendations.counts(recommendation).Select(pair => (pair.Item1, pair.Item2)));
            Assert.Equal(Recommendations.less("source, frozen", "no transfer", tested)!.Difference, recommendation.OverNone!.Difference, 1e-12);

            Publication.publish(lab, "t", HandMadeOpening.Of("q"), results, List([.. TransferAnswer.section(lab, tested, recommended, null, results.LeftOut), .. TransferDecision.section(lab, results.Outcomes, tested, recommended), .. TransferTables.ways(lab, tested), .. ImageSets.section(lab), .. Setting.method(lab, results)]));
        });

        Assert.True(code == 0, errors);
        var verdict = File.ReadAllText(folder["reports/transfer/verdict.txt"]);
        Assert.StartsWith("Whether transfer helps is not shown. Trust it? Not yet, because there is no interval: five seeds, and ten images of each class, are the least.\nBut beware: Who is shown is not known of any image: ", verdict, StringComparison.Ordinal);
        Assert.Contains("There is no test split: each of the 50 images was tested once a seed by a model that had not seen it, by five folds (stratified), 2 seeds.", verdict, StringComparison.Ordinal);
        Assert.StartsWith("row,\"ROC AUC\",ACC,\"AUC minus no transfer\"\n\"majority class\",\"0.500 ± 0.000\",", File.ReadAllText(folder["reports/transfer/ways.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Set_with_splits_is_judged_on_its_test_split_by_the_way_that_validation_chooses()
    {
        var (code, errors) = Run([folder["split.npz"], "--source", folder["source.npz"], "--source", "none", "--ways", "frozen,last-stage", "--seeds", "1", "--epochs", "1"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var results = lab.Run(planned.Pretraining, planned.Ways);
            var tested = Transfers.tested(lab, results.Outcomes);
            Assert.All(tested, one => Assert.Equal(100, Assert.Single(one.Tested.Parts).Predictions.Labels.Count));
            string[] transfers = ["source, frozen", "source, last stage"];
            Assert.Equal(transfers, tested.Where(one => !one.IsControl && one.Way != Transfers.none).Select(one => one.Way));

            var recommended = Recommendations.ofWays(lab, results.Outcomes, tested);
            var recommendation = recommended!.Value;
            var best = results.Outcomes.Where(outcome => transfers.Contains(outcome.Way.Name)).MaxBy(outcome => outcome.Result.Metrics.Validation!.Scores.RocAuc)!;
            Assert.Equal(best.Way.Name, recommendation.Way);
            Assert.Empty(recommendation.Chosen);
            Assert.Contains("Tested once on the 100 test images, one seed; the way is the one with the highest validation AUC.", string.Join(' ', TransferAnswer.paragraphs(lab, tested, recommended, null, ListModule.Empty<string>())), StringComparison.Ordinal);
        });

        Assert.True(code == 0, errors);
    }

    // neither so few validation images nor test images choose: folds of the training images do, of the first seed
    [Fact]
    public void Set_with_little_validation_chooses_by_folds_of_its_training_images()
    {
        var (code, errors) = Run([folder["unvalidated.npz"], "--source", folder["source.npz"], "--ways", "frozen,last-stage", "--seeds", "2", "--epochs", "1"], lab =>
        {
            Assert.Equal(TestScheme.TestSplit, lab.TestScheme);
            var planned = Transfers.ways(lab, Sources.all(lab));
            Assert.All(planned.Ways, way => Assert.Equal(way.Seed == 0 ? 5 : 0, way.Inner.Length));
            Assert.All(planned.Ways.SelectMany(way => way.Inner), part => Assert.Single(part.Spec.Target.Folds));
            var results = lab.Run(planned.Pretraining, planned.Ways);
            var tested = Transfers.tested(lab, results.Outcomes);
            var inner = Transfers.onInnerFolds(lab, results.Outcomes);
            Assert.All(inner, one => Assert.Equal(Enumerable.Range(0, 40), one.Item2.Parts.SelectMany(part => part.Predictions.FileIndices!).Order()));

            var recommended = Recommendations.ofWays(lab, results.Outcomes, tested);
            var best = inner.Where(one => one.Item1.StartsWith("source, ", StringComparison.Ordinal) && one.Item1 != "source, random features").MaxBy(one => one.Item2.Score("rocAuc")!.Value)!.Item1;
            Assert.Equal(best, recommended!.Value.Way);
            Assert.Contains("Tested once on the 100 test images, 2 seeds; the way is the one with the highest AUC in five folds of the training images.", string.Join(' ', TransferAnswer.paragraphs(lab, tested, recommended, null, ListModule.Empty<string>())), StringComparison.Ordinal);
            Assert.EndsWith("from a threshold on that reaches a sensitivity of 0.95 on folds of the training images, class 1 is called; mean ± standard deviation over seeds, on images that chose neither the way nor the threshold.", TransferDecision.section(lab, results.Outcomes, tested, recommended).CaptionOf("operating-point"), StringComparison.Ordinal);
        });

        Assert.True(code == 0, errors);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void Nothing_is_chosen_by_test_images(int validation)
    {
        (string Way, string Control, string Threshold, double Gain) Chosen(bool poisoned)
        {
            SyntheticSets.Write(folder["set.npz"], labels: 1, counts: [40, validation, 100], poisoned, seed: 13);
            (string, string, string, double) chosen = default;
            var (code, errors) = Run([folder["set.npz"], "--source", folder["source.npz"], "--ways", "frozen,fine-tuned", "--seeds", "1", "--epochs", "1"], lab =>
            {
                var planned = Transfers.ways(lab, Sources.all(lab));
                var outcomes = lab.Run(planned.Pretraining, planned.Ways).Outcomes;
                var tested = Transfers.tested(lab, outcomes);
                var recommended = Recommendations.ofWays(lab, outcomes, tested);
                var point = TransferDecision.section(lab, outcomes, tested, recommended).TableOf("operating-point");
                chosen = (recommended!.Value.Way, recommended.Value.Control, point.Cell("threshold", "test"), recommended.Value.OverNone!.Difference);
            });
            Assert.True(code == 0, errors);
            return chosen;
        }

        var (clean, poisoned) = (Chosen(false), Chosen(true));

        Assert.Equal((clean.Way, clean.Control, clean.Threshold), (poisoned.Way, poisoned.Control, poisoned.Threshold));
        Assert.NotEqual(clean.Gain, poisoned.Gain);
    }

    [Fact]
    public void Test_split_that_tells_nothing_apart_is_not_read_and_that_is_said()
    {
        Run([folder["little.npz"], "--source", "none", "--seeds", "1"], lab =>
        {
            Assert.Equal(TestScheme.Folds, lab.TestScheme);
            Assert.All(Transfers.ways(lab, Sources.all(lab)).Ways, way => Assert.Single(way.Trial.Spec.Target.Folds));
            Assert.Equal(
                ["No way is recommended: nothing was transferred.", "The test split of 20 images is too small to show a difference below 0.1, and is not read: each of the 50 images was tested once a seed by a model that had not seen it, by five folds (stratified), one seed."],
                TransferAnswer.paragraphs(lab, List(new Transfers.TestedTransfer("no transfer", false, false, TargetSize.AllImages, 0, "", new([]))), null, null, ListModule.Empty<string>()));
        });
    }

    [Fact]
    public void Learning_curve_is_of_fewer_images_of_each_fold_with_the_same_ones_held_out()
    {
        SyntheticSets.Write(folder["more.npz"], labels: 1, counts: [160, 0, 0], seed: 12);
        var (code, errors) = Run([folder["more.npz"], "--source", folder["source.npz"], "--ways", "frozen", "--seeds", "2", "--epochs", "1"], lab =>
        {
            Assert.Equal([16, 32, 64], Transfers.sizes(lab));
            var sources = Sources.all(lab);
            var planned = Transfers.ways(lab, sources);
            var ran = lab.Run(planned.Pretraining, planned.Ways);
            var tested = Transfers.tested(lab, ran.Outcomes);
            var recommended = Recommendations.ofWays(lab, ran.Outcomes, tested);
            var (results, curve, step) = Curves.run(lab, sources, ran, recommended);

            Assert.Equal([16, 32, 64, 128], curve!.Value.Sizes.Select(size => size.Item1));
            Assert.Equal(["no transfer", "source, frozen", recommended!.Value.Control], curve.Value.Ways);
            Assert.All(curve.Value.Sizes, size => Assert.Equal(3 * 2, size.Item2.Length));
            Assert.Equal((3 * 3 * 2 * 5, true), (results.Outcomes.Length - ran.Outcomes.Length, step!.Value.IsTaken));
            foreach (var outcome in results.Outcomes.Skip(ran.Outcomes.Length))
            {
                var whole = ran.Outcomes.First(other => (other.Way.Name, other.Way.Seed) == (outcome.Way.Name, outcome.Way.Seed) && Fold(other).Index == Fold(outcome).Index);
                Assert.Equal(Fold(outcome).TrainImages, outcome.Result.Predictions(SplitName.Train).Labels.Count);
                Assert.Equal(whole.Result.Predictions(SplitName.Test).FileIndices, outcome.Result.Predictions(SplitName.Test).FileIndices);
                Assert.Empty(outcome.Result.Predictions(SplitName.Train).FileIndices!.Except(whole.Result.Predictions(SplitName.Train).FileIndices!));
            }

            // two seeds are too few for a range
            Assert.Empty(TransferCurve.sentences("images", curve, recommended.Value));
            var table = TransferCurve.section(curve).TableOf("curve");
            Assert.Equal(["16", "32", "64", "128", "256, extrapolated"], table.ColumnKeys);
            Assert.Equal("undefined", table.Cell("no transfer", "256, extrapolated"));
        });

        Assert.True(code == 0, errors);

        static FoldReference Fold(Outcome outcome) => Assert.Single(outcome.Way.Trial.Spec.Target.Folds);
    }

    [Fact]
    public void Sizes_of_a_curve_are_those_asked_for()
    {
        void Sizes(string asked, Action<Lab> body) => Run([folder["whole.npz"], "--source", "none", "--sizes", asked], body);

        Sizes("20,10,all", lab => Assert.Equal([10, 20], Transfers.sizes(lab)));
        Sizes("all", lab => Assert.Empty(Transfers.sizes(lab)));
        Sizes("10,40", lab => Assert.Equal("--sizes names 40 images, but a training learns from 40 at most, which is measured anyway: name fewer.", Assert.Throws<MedTransferException>(() => Transfers.sizes(lab)).Message));
        Sizes("3,10", lab => Assert.Equal([3, 10], Transfers.sizes(lab)));
        Sizes("10", lab => Assert.Equal("--sizes names one number of images: a learning curve takes two or more besides all.", Assert.Throws<MedTransferException>(() => Transfers.sizes(lab)).Message));
        // 40 / 8 and 40 / 4 are fewer than 16
        Run([folder["whole.npz"], "--source", "none"], lab => Assert.Empty(Transfers.sizes(lab)));
    }

    [Fact]
    public void Budget_leaves_out_what_does_not_fit_and_says_what_was_decided()
    {
        var (code, errors) = Run([folder["whole.npz"], "--source", folder["source.npz"], "--ways", "frozen,fine-tuned", "--seeds", "2", "--epochs", "1", "--budget", "1s"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var (results, steps) = Budget.orAll(lab, planned);

            Assert.Equal(
                ["majority class", "mean brightness", "pixel regression", "no transfer", "source, random features"],
                results.Outcomes.Select(outcome => outcome.Way.Name).Distinct());
            Assert.Equal([0], results.Outcomes.Select(outcome => outcome.Way.Seed).Distinct());
            Assert.Equal(["source, fine-tuned", "source, frozen"], results.LeftOut.Select(left => left.Way).Order());
            Assert.All(results.LeftOut, left => Assert.Matches("^Its trainings would take (about|at least) [0-9]+ s, and --budget leaves 0 s: --budget [0-9]+m would do for it[.]$", left.Reason));
            Assert.Empty(results.Pretraining);
            Assert.Null(Recommendations.ofWays(lab, results.Outcomes, Transfers.tested(lab, results.Outcomes)));

            Assert.Equal(
                [("more seeds of the former: 1", 25, false), ("no transfer, heads, controls, seeds: 1", 25, true), ("source, fine-tuned", 12, false), ("source, frozen", 12, false)],
                steps.Select(step => (step.What, step.Trainings, step.IsTaken)).OrderBy(step => step.What, StringComparer.Ordinal));
            Assert.Equal("no", TransferTables.budget(lab, steps).TableOf("plan").Cell("source, fine-tuned", "run"));
        });

        Assert.True(code == 0, errors);
        Assert.Contains("--budget is too short for one seed, which takes about ", errors, StringComparison.Ordinal);
        Assert.Contains("Left out: source, fine-tuned: Its trainings would take", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_that_is_long_enough_runs_all_there_is()
    {
        var (code, errors) = Run([folder["whole.npz"], "--source", folder["source.npz"], "--ways", "frozen,fine-tuned", "--seeds", "1", "--epochs", "1", "--budget", "2h"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var (results, steps) = Budget.orAll(lab, planned);

            Assert.Equal(planned.Ways.Select(way => way.Trial.Name), results.Outcomes.Select(outcome => outcome.Way.Trial.Name));
            Assert.All(steps, step => Assert.True(step.IsTaken));
            Assert.Empty(results.LeftOut);
        });

        Assert.True(code == 0, errors);

        // what is done already is never left out, however short the time
        (code, errors) = Run([folder["whole.npz"], "--source", folder["source.npz"], "--ways", "frozen,fine-tuned", "--seeds", "1", "--epochs", "1", "--budget", "1s"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var (results, steps) = Budget.orAll(lab, planned);

            Assert.All(steps, step => Assert.Equal((0, true), (step.Trainings, step.IsTaken)));
            Assert.Equal(planned.Ways.Select(way => way.Trial.Name), results.Outcomes.Select(outcome => outcome.Way.Trial.Name));
        });
        Assert.True(code == 0, errors);
        Assert.DoesNotContain("too short", errors, StringComparison.Ordinal);
    }

    // ways that can't be run are left out as without a budget; what was run with fewer seeds has a curve of these
    [Fact]
    public void Curve_is_of_the_seeds_that_were_run_and_what_cannot_be_run_is_not_measured()
    {
        SyntheticSets.Write(folder["more.npz"], labels: 1, counts: [160, 0, 0], seed: 12);
        SyntheticSets.Write(folder["small.npz"], labels: 1, counts: [60, 20, 20], size: 36);
        string[] trial = [];
        Run([folder["more.npz"], "--source", folder["small.npz"], "--ways", "frozen", "--seeds", "1", "--epochs", "1"], lab =>
            trial = [lab.Finish(Transfers.ways(lab, Sources.all(lab)).Pretraining).Single().Folder.FullPath]);

        var (code, errors) = Run([folder["more.npz"], "--source", trial[0], "--ways", "frozen,fine-tuned", "--seeds", "2", "--epochs", "1", "--budget", "2h"], lab =>
        {
            var sources = Sources.all(lab);
            var (results, _) = Budget.orAll(lab, Transfers.ways(lab, sources));
            var name = Path.GetFileName(trial[0]);
            Assert.Equal($"trial {name}, frozen", Assert.Single(results.LeftOut).Way);

            var one = new Results(ListModule.OfSeq(results.Outcomes.Where(outcome => outcome.Way.Seed == 0)), results.LeftOut, results.Pretraining);
            var recommended = Recommendations.ofWays(lab, one.Outcomes, Transfers.tested(lab, one.Outcomes));
            Assert.Equal($"trial {name}, fine-tuned", recommended!.Value.Way);
            var (_, curve, _) = Curves.run(lab, sources, one, recommended);
            Assert.All(curve!.Value.Sizes, size => Assert.Equal([0], size.Item2.Select(tested => tested.Seed).Distinct()));
        });

        Assert.True(code == 0, errors);
    }

    [Fact]
    public void Trainings_side_by_side_are_slower_than_alone()
    {
        Assert.Equal(1.5 * 40 / 2, Budget.sideBySide(2, 40), 1e-12);
        Assert.Equal(40, Budget.sideBySide(1, 40), 1e-12);
    }

    [Fact]
    public void Set_without_labels_lends_an_autoencoders_encoder()
    {
        NpzWriter.Write(folder["unlabelled.npz"], [new("train_images", Squares.Pixels(60))]);
        SyntheticSets.Write(folder["large.npz"], labels: 1, counts: [50, 0, 0], size: 40);
        var (code, errors) = Run([folder["large.npz"], "--source", folder["unlabelled.npz"], "--ways", "frozen", "--seeds", "2", "--epochs", "1"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var autoencoder = Assert.Single(planned.Pretraining);
            Assert.Equal(("autoencoder of unlabelled", "reconstruction"), (autoencoder.Label, autoencoder.Spec.Objective.Name));
            var results = lab.Run(planned.Pretraining, planned.Ways);
            Assert.Contains(results.Outcomes, outcome => outcome.Way.Name == "unlabelled, frozen" && outcome.Result.Metrics.NotTransferred.Count == 0);
        });

        Assert.True(code == 0, errors);
    }

    [Fact]
    public void Trial_of_another_set_is_a_source_and_one_of_these_images_is_none()
    {
        string[] trials = [];
        var (code, errors) = Run([folder["split.npz"], "--source", folder["source.npz"], "--ways", "frozen", "--seeds", "1", "--epochs", "1"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var results = lab.Run(planned.Pretraining, planned.Ways);
            trials = [results.Pretraining[0].Folder.FullPath, results.Outcomes.First(outcome => outcome.Way.Name == "no transfer").Result.Folder.FullPath];
        });
        Assert.True(code == 0, errors);
        var name = Path.GetFileName(trials[0]);

        (code, errors) = Run([folder["split.npz"], "--source", trials[0], "--ways", "frozen", "--seeds", "1"], lab =>
            Assert.Contains($"trial {name}, frozen", Transfers.ways(lab, Sources.all(lab)).Ways.Select(way => way.Name)));
        Assert.True(code == 0, errors);
        Run([folder["split.npz"], "--source", Path.Combine(trials[1], "weights.safetensors")], lab => Assert.StartsWith(
            $"--source is trial {Path.GetFileName(trials[1])}, which learned from split, the set that is asked about: ",
            Assert.Throws<MedTransferException>(() => Sources.all(lab)).Message,
            StringComparison.Ordinal));
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
            Assert.Throws<MedTransferException>(() => Sources.all(lab)).Message,
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
                Assert.Throws<MedTransferException>(() => Transfers.ways(lab, Sources.all(lab))).Message));
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
