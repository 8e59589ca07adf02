using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

/// <summary>Recipes in this process, small.</summary>
[Collection(OneAtATime.Name)]
public sealed class RecipeTests : IDisposable
{
    private readonly SyntheticSets sets = new();

    private static CancellationToken Unstopped => TestContext.Current.CancellationToken;

    [Fact]
    public void Tuning_chooses_by_folds_of_the_training_images()
    {
        string[] words = ["--smoke", "--seeds", "1", "--tune", "2", "--target", sets.Target, "--source", sets.Source, "--out", sets.Folder];
        Tuning.Tuned? tuned = null;
        Way? plain = null, chosen = null;
        var code = Run(words, out var error, lab =>
        {
            plain = Plain(lab);
            var choices = Tuning.choose(lab, ListModule.Empty<MedTransfer.Trials.Trial>(), ListModule.OfSeq([plain]));
            (tuned, chosen) = (choices.Single(), Tuning.apply(choices, plain));
        }, Unstopped);
        Assert.True(code == 0, error);
        Assert.InRange(tuned!.Tried.Candidates.Count, 1, 2);
        Assert.All(tuned.Tried.Candidates, candidate => Assert.Equal(2, candidate.Folds.Count));
        Assert.Equal(new MedTransfer.Trials.Trial(tuned.Tried.Chosen.Candidate.Apply(plain!.Trial.Spec), "").Name, chosen!.Trial.Name);
    }

    [Fact]
    public void Recipe_that_is_left_while_its_trials_are_on_their_way_ends_well()
    {
        string[] words = ["--smoke", "--source", sets.Source, "--target", sets.Target, "--out", sets.Folder];

        Assert.Equal(0, Run(words, out var error, _ => throw new MedTransfer.Trials.Execution.Slurm.DetachedException("Left: 2 trials in job 12, 1 running."), Unstopped));
        Assert.Equal("", error);
    }

    [Fact]
    public void A_second_run_trains_nothing_again()
    {
        var words = new[] { "--smoke", "--seeds", "1", "--source", sets.Source, "--target", sets.Target, "--out", sets.Folder };
        Assert.Equal(0, Run(words, out var first, TrainOnce, Unstopped));
        var runs = Path.Combine(sets.Folder, "runs");
        // shared images say when they were used last
        Dictionary<string, DateTime> Written() => Directory.GetFiles(runs, "*", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(Path.Combine(runs, "images"), StringComparison.Ordinal)).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        var before = Written();
        Assert.Equal(0, Run(words, out _, TrainOnce, Unstopped));
        Assert.NotEmpty(before);
        Assert.Equal(before, Written());
        Assert.Equal("", first);
    }

    [Theory]
    [InlineData("--source", "phantom-chest")]
    [InlineData("--target", "phantom-pneumonia")]
    public void A_set_that_cannot_be_had_is_an_error_that_says_what_can(string missing, string instead)
    {
        var (other, own) = missing == "--source" ? ("--target", sets.Target) : ("--source", sets.Source);
        Assert.Equal(1, Run(["--offline", missing, "octmnist", other, own, "--out", sets.Folder], out var error, TrainOnce, Unstopped));
        Assert.Contains($"Another set can be named with {missing}: the path of an .npz, or {instead},", error);
    }

    [Fact]
    public void A_run_leaves_nothing_of_the_one_before_beside_its_page()
    {
        string[] words = ["--smoke", "--seeds", "1", "--source", sets.Source, "--target", sets.Target, "--out", sets.Folder];
        var reports = Path.Combine(sets.Folder, "reports", "task2");
        string[] Publish(params Report.Section[] sections)
        {
            Assert.Equal(0, Run(words, out _, lab => Publication.publish(
                lab, "title", HandMadeOpening.Of("question"), lab.Run(ListModule.Empty<MedTransfer.Trials.Trial>(), ListModule.OfSeq([Plain(lab)])), ListModule.OfSeq(sections)), Unstopped));
            return [.. Directory.GetFileSystemEntries(reports).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }

        var frame = Table.ofRows(ListModule.OfSeq(["column"]), ListModule.OfSeq([Tuple.Create("row", ListModule.OfSeq(["1"]))]));
        Assert.Equal(["answer.json", "checklist.html", "files.txt", "maps-48.csv", "report.html", "table3-48.csv", "trials.csv"], Publish(
            Report.Section.NewTable("table3-48", "caption", frame), Report.Section.NewAttachment("maps-48.csv", "caption", "x,y\n")));
        Assert.Equal(["answer.json", "checklist.html", "files.txt", "report.html", "table3-all.csv", "trials.csv"], Publish(Report.Section.NewWordTable("table3-all", "caption", frame)));
        var page = File.ReadAllText(Path.Combine(reports, "report.html"));
        Assert.Equal(1, Run(words, out _, lab => Publication.publish(
            lab, "title", HandMadeOpening.Of("question"), lab.Run(ListModule.Empty<MedTransfer.Trials.Trial>(), ListModule.OfSeq([Plain(lab)])),
            ListModule.OfSeq([Report.Section.NewAttachment("no/such/folder.csv", "caption", "")])), Unstopped));
        Assert.Equal(page, File.ReadAllText(Path.Combine(reports, "report.html")));
        Assert.All(File.ReadLines(Path.Combine(reports, "trials.csv")).Skip(1), row => Assert.EndsWith(",\"Smoke run\"", row));
    }

    [Theory]
    [InlineData(2, "--data", "--data", "nowhere")]
    [InlineData(1, "nonsense", "--target", "nonsense")]
    [InlineData(1, "octmnist", "--target", "octmnist", "--offline")]
    [InlineData(1, "nothing.npz", "--target", "nothing.npz")]
    [InlineData(1, "5000", "--target-size", "5000")]
    [InlineData(1, "--out", "--out", "/dev/null/x")]
    [InlineData(2, "--out", "--out", "")]
    [InlineData(2, "--learning-rate", "--learning-rate", "1e300")]
    [InlineData(2, "--epochs", "--epochs", "-1")]
    [InlineData(2, "0 ('0') or 1 ('1')", "--positive", "benign")]
    [InlineData(2, "0 ('0') or 1 ('1')", "--positive", "2")]
    public void Bad_input_is_one_line_and_an_exit_code(int code, string named, params string[] words)
    {
        string[] all = ["--smoke", "--source", sets.Source, .. words.Contains("--target") ? [] : new[] { "--target", sets.Target },
            .. words.Contains("--out") ? [] : new[] { "--out", sets.Folder }, .. words];
        Assert.Equal(code, Run(all, out var error, TrainOnce, Unstopped));
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains(named, line);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public void Images_too_small_for_the_model_are_refused_before_training()
    {
        var other = Path.Combine(sets.Folder, "other.npz");
        SyntheticSets.Write(other, labels: 1, counts: [12, 6, 4], size: 7, seed: 8);
        Assert.Equal(1, Run(["--smoke", "--source", other, "--target", sets.Tiny, "--out", sets.Folder], out var error, TrainOnce, Unstopped));
        Assert.Contains("7 pixels", error);
        Assert.Equal(1, Run(["--smoke", "--source", other, "--target", sets.Tiny, "--out", sets.Folder], out error, Transferred, Unstopped));
        Assert.Contains("7 pixels", error);
    }

    [Fact]
    public void A_set_smaller_than_the_default_sample_is_used_whole()
    {
        string[] words = ["--source", sets.Source, "--target", sets.Tiny, "--out", sets.Folder];
        Assert.Equal(0, Run([.. words, "--smoke"], out _, lab => Assert.Equal([TargetSize.AllImages], lab.Sizes), Unstopped));
        Assert.Equal(0, Run(words, out _, lab => Assert.Equal([TargetSize.AllImages], lab.Sizes), Unstopped));
    }

    [Fact]
    public void A_wrong_target_is_named_before_a_missing_source_is_fetched()
    {
        Assert.Equal(1, Run(["--offline", "--target", "nonsense", "--out", sets.Folder], out var error, TrainOnce, Unstopped));
        Assert.Contains("nonsense", error);
    }

    [Fact]
    public void An_unforeseen_error_is_one_line_unless_verbose()
    {
        string[] words = ["--source", sets.Source, "--target", sets.Target, "--out", sets.Folder];
        Assert.Equal(1, Run(words, out var short_, _ => throw new InvalidOperationException("broken"), Unstopped));
        Assert.DoesNotContain("   at ", short_);
        Assert.Equal(1, Run([.. words, "--verbose"], out var long_, _ => throw new InvalidOperationException("broken"), Unstopped));
        Assert.Contains("   at ", long_);
    }

    [Fact]
    public void A_stopped_recipe_ends_with_130()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Equal(130, Run(["--smoke", "--source", sets.Source, "--target", sets.Target, "--out", sets.Folder], out _, TrainOnce, stop.Token));
    }

    [Fact]
    public void A_known_error_shows_where_it_came_from_when_verbose()
    {
        Assert.Equal(1, Run(["--target", "nonsense", "--offline", "--verbose"], out var error, TrainOnce, Unstopped));
        Assert.Contains("   at ", error);
    }

    public void Dispose() => sets.Dispose();

    private static Way Plain(Lab lab)
    {
        var size = lab.Sizes.Head;
        var trial = lab.Trial("no transfer", lab.Target.Sample(size, 0), MedTransfer.Transfer.TransferPlan.Scratch, lab.Epochs(1, null, null, null, null, null, null, null), 0, null, null, null);
        return WayModule.trained("no transfer", size, 0, trial);
    }

    private static void Transferred(Lab lab)
    {
        var pretraining = lab.Trial("pretraining", lab.Source.All, MedTransfer.Transfer.TransferPlan.Scratch, lab.Epochs(1, null, null, null, null, null, null, null), 0, null, null, null);
        var size = lab.Sizes.Head;
        var tuned = lab.Trial("fine-tuned", lab.Target.Sample(size, 0), MedTransfer.Transfer.TransferPlan.FineTuned(pretraining.AsOrigin), lab.Epochs(1, null, null, null, null, null, null, null), 0, null, null, null);
        lab.Run(ListModule.OfSeq([pretraining]), ListModule.OfSeq([WayModule.trained("fine-tuned", size, 0, tuned)]));
    }

    private static void TrainOnce(Lab lab) => lab.Run(ListModule.Empty<MedTransfer.Trials.Trial>(), ListModule.OfSeq([Plain(lab)]));

    private static int Run(string[] words, out string error, Action<Lab> body, CancellationToken stop)
    {
        var before = Console.Error;
        using var captured = new StringWriter();
        Console.SetError(captured);
        try
        {
            var code = Recipe.run(ExperimentModule.task2, ListModule.OfSeq(words), stop, Microsoft.FSharp.Core.FuncConvert.FromAction(body));
            error = string.Join('\n', captured.ToString().Split('\n').Where(line => line.StartsWith("error", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal)));
            return code;
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
