using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts;

/// <summary>A CNN and two controls, trained once for all tests of the REPL's verbs.</summary>
public sealed class ThreeTrials : IDisposable
{
    private readonly SyntheticSets _sets = new();

    public ThreeTrials()
    {
        string[] words = ["--smoke", "--source", _sets.Source, "--target", _sets.Target, "--out", _sets.Folder];
        Assert.Equal(0, Recipe.run(ExperimentModule.task2, ListModule.OfSeq(words), TestContext.Current.CancellationToken, FuncConvert.FromAction<Lab>(Train)));
    }

    public string Folder => _sets.Folder;

    public string Target => _sets.Target;

    public string Tiny => _sets.Tiny;

    private static void Train(Lab lab) => lab.Finish(ListModule.OfSeq([
        lab.Trial("no transfer", lab.Target.All, TransferPlan.Scratch, lab.Epochs(1, null, null, null, null, null, null, null), 0, null, null, null),
        Control(lab, lab.Target.All, Architecture.MajorityClass),
        Control(lab, lab.Target.Sample(TargetSize.NewImages(40), 1), Architecture.MeanBrightness),
    ]));

    private static Trial Control(Lab lab, DataReference data, Architecture architecture) => lab.Trial("control", data, TransferPlan.RandomFeatures,
        new FitOptions { Solver = Solver.LogisticRegression }, 0, FSharpOption<Architecture>.Some(architecture), null, null);

    public void Dispose() => _sets.Dispose();
}

/// <summary>The verbs of the REPL, without one.</summary>
[Collection(OneAtATime.Name)]
public sealed class ExploreTests(ThreeTrials trained) : IClassFixture<ThreeTrials>, IDisposable
{
    private readonly TemporaryFolder _empty = new();

    public void Dispose()
    {
        Explore.results(Folder.project);
        _empty.Dispose();
    }

    [Fact]
    public void Without_trials_it_says_what_to_run_and_its_five_lines_are_of_the_tour()
    {
        Explore.results(_empty.Path);
        Assert.Contains("scripts/task2.fsx -- --smoke", Error(() => Explore.trials()).Message, StringComparison.Ordinal);
        Assert.Contains("scripts/task2.fsx -- --smoke", Error(() => Explore.trial("1a2b")).Message, StringComparison.Ordinal);
        var suggested = Suggested().Select(line => line.Replace("\"pneumoniamnist\"", "\"phantom-pneumonia\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, suggested.Count);
        Assert.Subset(Tour.Lines.ToHashSet(), suggested.ToHashSet());
    }

    [Fact]
    public void With_trials_the_greeting_leads_to_a_page_with_maps()
    {
        Explore.results(trained.Folder);
        var typed = Suggested().Single(line => line.StartsWith("let best = trial", StringComparison.Ordinal));
        var best = Explore.trial(typed.Split('"')[1]);
        Assert.Equal(Architecture.ConvNet, best.Trial.Spec.Model.Architecture);
        Assert.Equal(3, Explore.trials().RowCount);
        Assert.Equal([1], Explore.trials().GetColumn<long>("sample").Values);
        Explore.show(Explore.maps(best));
        var page = File.ReadAllText(Path.Combine(trained.Folder, "reports", "explore.html"));
        Assert.All(["PCA: no transfer, excerpt of 64 a split on target, train", "t-SNE: no transfer, excerpt of 64 a split on target, test"], title => Assert.Contains(title, page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("majorityClass", "sees nothing of the image")]
    [InlineData("meanBrightness", "its brightness")]
    public void A_control_without_embeddings_says_so(string architecture, string reason)
    {
        Explore.results(trained.Folder);
        var control = TrialFolder.Finished(Path.Combine(trained.Folder, "runs")).Select(folder => folder.Read()).Single(trial => trial.Trial.Spec.Model.Architecture.Name == architecture);
        Assert.Contains(reason, Error(() => Explore.maps(control)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_fits_no_trial_or_several_is_said_with_their_number()
    {
        Explore.results(trained.Folder);
        Assert.StartsWith("none of 3 ", Error(() => Explore.trial("zz")).Message, StringComparison.Ordinal);
        Assert.StartsWith("3 of 3 ", Error(() => Explore.trial("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_one_line_as_fsi_shows_it_and_advises_no_option()
    {
        Explore.results(_empty.Path);
        File.WriteAllText(_empty["reports"], "in the way");
        Exception[] errors = [Error(() => Explore.load("nonsense")), Error(() => Explore.load("none.npz")), Error(() => Explore.results("nowhere")),
            Error(() => Explore.show(ListModule.Empty<Figures.Figure>()))];
        Assert.All(errors, error => Assert.Equal($"error: {error.Message}", error.ToString()));
        Assert.All(errors, error => Assert.DoesNotContain('\n', error.ToString()));
        Assert.All(errors, error => Assert.DoesNotContain("another folder with --out", error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_phantom_is_loaded_by_its_name()
    {
        using var drawn = Explore.load("phantom-pneumonia");
        Assert.Equal(1600, drawn.Train.Count);
    }

    [Fact]
    public void A_folder_of_images_is_imported_once_and_split_where_it_gives_no_splits()
    {
        Explore.results(_empty.Path);
        using var given = Explore.load(trained.Target);
        foreach (var label in new[] { 0, 1 })
        {
            var own = Directory.CreateDirectory(_empty[Path.Combine("my-images", label == 0 ? "normal" : "pneumonia")]).FullName;
            foreach (var image in Enumerable.Range(0, given.Train.Count).Where(image => given.Train.Labels[image, 0] == label).Take(40))
                File.WriteAllBytes(Path.Combine(own, $"{image}.png"), given.Train.Png(image));
        }

        var said = CapturedRun.Of(() =>
        {
            using var mine = Explore.load(_empty["my-images"] + "/");
            Assert.Equal((56, 8, 16, 28), (mine.Train.Count, mine.Validation.Count, mine.Test.Count, mine.Info.ImageSize));
            Assert.Equal(["normal", "pneumonia"], mine.Info.LabelNames);
            Assert.Equal(16, Explore.control(mine).Metrics.Test!.Scores.Images);
            return 0;
        }).Errors;
        Assert.Contains("Imported ", said, StringComparison.Ordinal);
        var kept = Assert.Single(Directory.GetDirectories(_empty["imports"]));

        said = CapturedRun.Of(() =>
        {
            using var again = Explore.load(_empty["my-images"]);
            return again.Train.Count;
        }).Errors;
        Assert.DoesNotContain("Imported ", said, StringComparison.Ordinal);
        Assert.Equal([kept], Directory.GetDirectories(_empty["imports"]));
    }

    [Fact]
    public void A_comparison_says_where_figures_are_of_drawings_of_a_smoke_run_or_of_weights_that_are()
    {
        const string Phantoms = "Phantoms: these figures say nothing about patients.", Smoke = "Of a smoke run, on a few images of every split: its numbers mean nothing.";
        static string[] Remarks(TrialResult first, TrialResult second) =>
            [.. Printers.text(Explore.compare(first, second))!.Split('\n', StringSplitOptions.TrimEntries).SkipWhile(line => !line.EndsWith("as recipes have them.", StringComparison.Ordinal)).Skip(1)];

        Explore.results(trained.Folder);
        Assert.Equal([Smoke], Remarks(Trained(Architecture.ConvNet), Trained(Architecture.MajorityClass)));

        Explore.results(_empty.Path);
        using var drawn = Explore.load("phantom-pneumonia");
        using var set = Explore.load(trained.Target);
        var parent = Explore.trainWith(Options(epochs: 1, images: 64), drawn);
        var child = Explore.trainWith(Options(epochs: 1, images: 40, from: parent), set);
        var grandchild = Explore.trainWith(Options(epochs: 1, images: 40, from: child), set);
        var pixels = Explore.control(set);
        const string FirstOf = "The first was pretrained on phantoms, images drawn by a program: what its weights learned there is of no patient.";
        Assert.Equal([FirstOf], Remarks(child, pixels));
        Assert.Equal([FirstOf.Replace("first", "second", StringComparison.Ordinal)], Remarks(pixels, grandchild));
        Assert.Equal([Phantoms], Remarks(parent, Explore.control(drawn)));
        Assert.Empty(Remarks(pixels, Explore.trainWith(Options(epochs: 1, images: 40), set)));
    }

    [Fact]
    public void What_was_trained_so_before_is_read_and_of_sets_that_are_not_as_they_were_nothing_is_trained()
    {
        Explore.results(_empty.Path);
        using var set = Explore.load(trained.Target);
        var first = Explore.trainWith(Options(epochs: 1, images: 40), set);
        var again = Explore.trainWith(Options(epochs: 1, images: 40), set);
        Assert.Equal((first.Trial.Name, first.Environment.Finished), (again.Trial.Name, again.Environment.Finished));
        Assert.Equal(40, first.Metrics.Train.Scores.Images);
        using var other = set.WithTrainSample(40, 0);
        Assert.Contains("is not as load gave it", Error(() => Explore.train(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_are_taken_from_another_trial_and_what_is_frozen_stays()
    {
        Explore.results(_empty.Path);
        using var set = Explore.load(trained.Target);
        var parent = Explore.trainWith(Options(epochs: 1), set);
        var (tuned, frozen) = (Explore.trainWith(Options(epochs: 2, from: parent), set), Explore.trainWith(Options(epochs: 2, from: parent, isFrozen: true), set));
        Assert.Equal(("fine-tuned", "frozen, logistic regression"), (tuned.Trial.Label, frozen.Trial.Label));
        Assert.Equal(parent.Trial.Name, tuned.Trial.Spec.Transfer.Parent);
        Assert.Equal(parent.Embeddings(SplitName.Test).Points, frozen.Embeddings(SplitName.Test).Points);
        Assert.NotEqual(parent.Embeddings(SplitName.Test).Points, tuned.Embeddings(SplitName.Test).Points);
    }

    [Fact]
    public void Two_trials_are_compared_on_the_same_test_images_only()
    {
        Explore.results(_empty.Path);
        using var set = Explore.load(trained.Target);
        var (net, pixels) = (Explore.trainWith(Options(epochs: 3), set), Explore.control(set));
        var compared = Explore.compare(net, pixels);
        var patients = Patients.OfImages(set.Test.Count);
        var expected = ModelDifference.Of(net.TestScore(Metric.RocAuc, patients)!, pixels.TestScore(Metric.RocAuc, patients)!);
        Assert.Equal(expected, compared.Differences.Single(difference => difference.Item1 == Metric.RocAuc).Item2);
        Assert.Equal(expected.Difference, compared.Frame.GetColumn<double>("difference")["ROC AUC"]);
        Assert.Contains("Another seed would train other models", Printers.text(compared), StringComparison.Ordinal);
        // the smoke run's are an excerpt
        Assert.Contains("other test images", Error(() => Explore.compare(net, Trained(Architecture.ConvNet))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prediction_is_what_the_trial_said_of_the_image_when_it_was_scored_also_from_a_file()
    {
        Explore.results(_empty.Path);
        using var set = Explore.load(trained.Target);
        var net = Explore.trainWith(Options(epochs: 3), set);
        var said = Explore.frame(net).Predictions.GetColumn<double>("p 1");
        var predicted = Explore.predict(net, set.Test).GetColumn<double>("p 1");
        Assert.All(Enumerable.Range(0, set.Test.Count), image => Assert.Equal(said[$"test {image}"], predicted[$"{image}"], 1e-6));
        var file = _empty["scan.png"];
        File.WriteAllBytes(file, set.Test.Png(5));
        Assert.Equal(predicted["5"], Explore.predictFiles(net, ListModule.OfSeq([file])).GetColumn<double>("p 1")[file], 1e-6);
        using var tiny = Explore.load(trained.Tiny);
        Assert.Contains("7 x 7", Error(() => Explore.predict(net, tiny.Test)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_have_a_row_an_epoch_a_split_and_an_image()
    {
        Explore.results(_empty.Path);
        using var set = Explore.load(trained.Target);
        var net = Explore.trainWith(Options(epochs: 3), set);
        var frames = Explore.frame(net);
        Assert.Equal((3, 3, set.Train.Count + set.Validation.Count + set.Test.Count), (frames.History.RowCount, frames.Metrics.RowCount, frames.Predictions.RowCount));
        Assert.Equal(net.History[2].TrainLoss, frames.History.GetColumn<double>("train loss")[3]);
        Assert.Equal(net.Metrics.Test!.Scores.Accuracy, frames.Metrics.GetColumn<double>("accuracy")["test"]);
        Assert.Equal(set.Info.LabelNames[set.Test.Labels[7, 0]], frames.Predictions.GetColumn<string>("label")["test 7"]);
    }

    [Fact]
    public void A_set_is_seen_on_a_page_with_its_counts_and_what_is_wrong_with_it()
    {
        Explore.results(_empty.Path);
        using var set = Explore.load(trained.Target);
        // an image of train in test
        using var leaking = set with { Test = set.Train.Subset([0, 1]) };
        var error = CapturedRun.Of(() => Explore.see(leaking).Test.Count).Errors;
        var page = File.ReadAllText(_empty[Path.Combine("seen", "set.html")]);
        // the site lists what is in reports
        Assert.False(Directory.Exists(_empty["reports"]));
        Assert.Contains("0 (train 60, validation 20, test 1)", page, StringComparison.Ordinal);
        Assert.Equal(32, page.Split("<img").Length - 1);
        Assert.StartsWith("warning: ", error, StringComparison.Ordinal);
        Assert.Contains("class=\"warning\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_foresaw_is_one_line_too()
    {
        var error = Error(() => Explore.see(null!)).ToString();
        Assert.StartsWith("error: ArgumentNullException: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void Long_frames_are_cut_and_values_of_others_left_to_the_prompt()
    {
        Explore.results(_empty.Path);
        using var set = Explore.load(trained.Target);
        Assert.EndsWith("(20 more rows)", Printers.text(Explore.predict(Trained(Architecture.ConvNet), set.Test)), StringComparison.Ordinal);
        Assert.Null(Printers.text(3));
        Assert.Equal("40 images of 28 x 28, 1 channel(s)", Printers.text(set.Test));
    }

    private TrialResult Trained(Architecture architecture) =>
        TrialFolder.Finished(Path.Combine(trained.Folder, "runs")).Select(folder => folder.Read()).First(trial => trial.Trial.Spec.Model.Architecture == architecture && trial.Trial.Spec.Target.Excerpt is not null);

    private static TrainOptions Options(int epochs, int? images = null, TrialResult? from = null, bool isFrozen = false) => new(
        Explore.defaults.Network, epochs, Explore.defaults.LearningRate, images is { } some ? FSharpOption<int>.Some(some) : FSharpOption<int>.None,
        from is null ? FSharpOption<TrialResult>.None : FSharpOption<TrialResult>.Some(from), isFrozen, 0);

    // what the greeting says can be typed
    private static List<string> Suggested() =>
        [.. Explore.greeting().Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line[2..].Split("   ")[0])];

    private static MedTransferException Error(Func<object?> verb) => Assert.Throws<MedTransferException>(verb);

    private static MedTransferException Error(Action verb) => Assert.Throws<MedTransferException>(verb);
}
