using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Classification;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Scripts.Reports;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Site;

// it prints
[Collection(OneAtATime.Name)]
public sealed class SiteTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Runs => folder["runs"];

    private string Reports => folder["reports"];

    private string Page => Path.Combine(Reports, "index.html");

    [Fact]
    public void A_published_report_and_its_trials_are_on_the_page_which_is_made_once()
    {
        using var made = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        HandMade Kept(double auc) => new() { Test = HandMadeSplit.Of(0.5, auc), NotTransferred = ["conv1"] };
        var outcomes = made.Way("no transfer", (0.5, 0.6), (0.75, 0.9)).Concat(made.Way("fine-tuned", Kept(0.7), Kept(0.8)));
        var results = new Results(ListModule.OfSeq(outcomes), ListModule.OfSeq([new LeftOut("frozen", "It has no weights.")]), FSharpList<TrialResult>.Empty);
        var outside = lab.Lab.Options.Out;
        var trial = Begun(Path.Combine(outside, "runs"), 0);
        Assert.Equal(0, CapturedRun.Of(() => { Recipes.Sections.Publication.publish(lab.Lab, "A title", HandMadeOpening.Of("question"), results, FSharpList<Report.Section>.Empty); return 0; }).Code);
        var page = Path.Combine(outside, "reports", "index.html");
        CapturedRun Run(params string[] words) => CapturedRun.Of(() => Recipes.Site.run(ListModule.OfSeq<string>(["--out", outside, .. words]), CancellationToken.None));

        var first = Run();
        var html = File.ReadAllText(page);
        Assert.Equal(0, first.Code);
        Assert.Contains("Site, reports: 1, runs: 1: ", first.Screen, StringComparison.Ordinal);
        Assert.All(["A title", "Nothing was asked.", "task2/report.html", trial, "source source; target target", "reducers.html",
                "Left out: frozen: It has no weights.", "Not transferred, initial weights kept: fine-tuned: conv1"], part => Assert.Contains(part, html, StringComparison.Ordinal));
        Assert.DoesNotContain(Path.GetTempPath(), html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        var reducers = File.ReadAllText(Path.Combine(outside, "reports", "reducers.html"));
        Assert.All(Methods.all, method => Assert.Contains($">{method.Name}</th>", reducers, StringComparison.Ordinal));
        Assert.All(["perplexity 30, 750 steps", "trustworthiness", "recall of 15 neighbours", "<p><a href=\"index.html\">All reports and runs</a></p></main>"], part => Assert.Contains(part, reducers, StringComparison.Ordinal));
        // measured beside whatever else runs, times order nothing
        Assert.DoesNotContain("time s", reducers, StringComparison.Ordinal);

        var again = Run();
        Assert.StartsWith("Up to date: ", again.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("Mapping", again.Errors, StringComparison.Ordinal);
        // of a page that was cut short the stamp is still there
        File.WriteAllText(page, html[..2000]);
        Assert.StartsWith("Site, reports: 1, runs: 1: ", Run().Screen, StringComparison.Ordinal);
        Begun(Path.Combine(outside, "runs"), 1);
        Assert.Contains("reports: 1, runs: 2", Run().Screen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_none_is_refused_and_not_made()
    {
        CapturedRun Run(string place) => CapturedRun.Of(() => Recipes.Site.run(ListModule.OfSeq<string>(["--out", place]), CancellationToken.None));
        var (gone, file) = (Run(folder["gone"]), folder["a file"]);
        Assert.Equal((1, $"error: {folder["gone"]}: there is no such folder: name the one of a recipe's --out."), (gone.Code, gone.Errors.Trim()));
        Assert.False(Directory.Exists(folder["gone"]));
        File.WriteAllText(file, "");
        var refused = Run(file);
        Assert.Equal((2, $"error: --out is '{file}', which is a file: name a folder."), (refused.Code, refused.Errors.Trim()));
    }

    [Fact]
    public void Runs_are_named_as_reports_do_newest_first_and_what_cannot_be_read_is_counted()
    {
        var (old, young) = (Begun(Runs, 0), Begun(Runs, 1));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Runs, "broken")).FullName, "metrics.json"), "{");
        Directory.CreateDirectory(Path.Combine(Runs, "unfinished"));
        var task = Directory.CreateDirectory(Path.Combine(Reports, "task2")).FullName;
        File.WriteAllText(Path.Combine(task, "trials.csv"), $"row,way,trial,remark\n0,frozen,{old},On phantoms; Leak allowed\n1,frozen,{old},On phantoms; Leak allowed\n2,other,elsewhere,\n");

        var (runs, unreadable) = RunList.find(Runs, RunList.named(Reports, ListModule.OfSeq(["task2"])));

        Assert.Equal(1, unreadable);
        Assert.Equal([young, old], runs.Select(run => run.Name));
        Assert.Equal(("frozen", "task2", "set", 10, 0L, (double?)0.75, (double?)0.7), (runs[1].Way, Assert.Single(runs[1].Reports), runs[1].Data, runs[1].Images, runs[1].Seed, runs[1].Auc?.Value, runs[1].Accuracy?.Value));
        Assert.Equal(["On phantoms", "Leak allowed"], runs[1].Remarks);
        Assert.Empty(runs[0].Remarks);
        Assert.Equal(("no transfer", 0), (runs[0].Way, runs[0].Reports.Length));
        Assert.Contains(Tuple.Create("data.target.path", "set.npz"), runs[0].Spec);
    }

    [Fact]
    public void A_run_says_which_images_it_learned_from_and_is_scored_on()
    {
        var all = new DataReference { Path = "set.npz", Digest = "0" };
        var folds = new ResamplingOptions { Folds = 5 };
        (DataReference Data, string Which, string Tested, string[] Remarks)[] cases =
        [
            (all, "all", "test split", []),
            (all.Sample(6, 1), "a sample", "test split", []),
            (all.WithFold(folds, 1), "all but fold 2 of 5 (seed 0)", "held-out fold", []),
            (all.WithFold(folds, 0).WithFoldSample(6, 1), "a sample of all but fold 1 of 5 (seed 0)", "held-out fold", []),
            (all with { Excerpt = 64 }, "all", "test split", ["Smoke run"]),
            (all with { Path = "phantom:phantom-pneumonia" }, "all", "test split", ["On phantoms"]),
        ];

        foreach (var (data, which, tested, remarks) in cases)
        {
            using var alone = new TemporaryFolder();
            Begun(alone.Path, 0, data);
            var run = Assert.Single(RunList.find(alone.Path, RunList.named(Reports, FSharpList<string>.Empty)).Item1);
            Assert.Equal((10, which, tested), (run.Images, run.Which, run.Tested));
            Assert.Equal(remarks, run.Remarks);
            var row = JsonDocument.Parse(RunList.json(ListModule.OfSeq([run]))).RootElement.GetProperty("rows")[0].EnumerateArray().Select(cell => cell.ToString());
            Assert.Equal([run.Name, run.Way, "", Path.GetFileNameWithoutExtension(data.Path), "10", which, "0", tested, "0.75", "0.7", string.Join("; ", remarks), "1970-01-01 00:00"], row);
        }
    }

    [Fact]
    public void Thousands_of_runs_are_a_page_of_less_than_three_megabytes_and_what_is_cut_is_said()
    {
        Begun(Runs, 0);
        var run = RunList.find(Runs, RunList.named(Reports, FSharpList<string>.Empty)).Item1.Head;
        RunList.Run Of(int i) => new($"{i:x16}", "fine-tuned </script><b>", ListModule.OfSeq(["task2"]), run.Data, run.Images, run.Which, i, run.Tested, run.Auc, run.Accuracy, run.Remarks, run.Finished, Vary(run.Spec, i));
        var all = ListModule.OfSeq(Enumerable.Range(0, 5000).Select(Of));

        var (whole, shown) = RunList.fitting(RunList.mostBytes, all);
        var (cut, fewer) = RunList.fitting(200_000, all);

        Assert.Equal(5000, shown);
        Assert.InRange(whole.Length, 1, RunList.mostBytes);
        Assert.DoesNotContain("</script", whole, StringComparison.Ordinal);
        Assert.InRange(cut.Length, 150_000, 200_000);
        Assert.Equal(fewer, JsonDocument.Parse(cut).RootElement.GetProperty("rows").GetArrayLength());
        Assert.Contains($"The newest {fewer:N0} of 5,000 runs:", SitePage.text(new(FSharpList<Cards.Card>.Empty, cut, fewer, 5000, 2, FSharpList<string>.Empty)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_two_runs_opens_with_what_their_specs_differ_in()
    {
        var (a, b) = (Begun(Runs, 0), Begun(Runs, 1));
        var runs = RunList.find(Runs, RunList.named(Reports, FSharpList<string>.Empty)).Item1;
        Directory.CreateDirectory(Reports);
        File.WriteAllText(Page, SitePage.text(new(FSharpList<Cards.Card>.Empty, RunList.json(runs), 2, 2, 0, FSharpList<string>.Empty)));

        List<string> complaints = [];
        var dom = await (await chromium.OpenAsync(new Uri($"{new Uri(Page).AbsoluteUri}#runs={a},{b}"), complaints)).ContentAsync();

        Assert.Empty(complaints);

        Assert.Contains($"<p>What {a} and {b} differ in:</p>", dom, StringComparison.Ordinal);
        Assert.Contains("<tr><td>seed</td><td>0</td><td>1</td></tr>", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>device</td>", dom, StringComparison.Ordinal);
        Assert.Contains("2 of 2 runs", dom, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--nonsense")]
    [InlineData(2, "--out", "")]
    [InlineData(1, "--out", "/dev/null/x")]
    public void Bad_input_is_one_line_and_an_exit_code(int code, params string[] words)
    {
        var run = CapturedRun.Of(() => Recipes.Site.run(ListModule.OfSeq(words), CancellationToken.None));
        Assert.Equal(code, run.Code);
        Assert.StartsWith("error: ", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    // as a trial leaves it, a day after the seed before
    private static string Begun(string runs, int seed, DataReference? data = null)
    {
        var spec = new TrialSpec { Data = data ?? new DataReference { Path = "/home/somebody/set.npz", Digest = "0" }, Seed = seed };
        var trial = new TrialFolder(runs, new Trial(spec, "").Name);
        trial.Begin(spec);
        var scores = new Scores { Images = 10, Values = new([new(Metric.Accuracy, 0.7), new(Metric.RocAuc, 0.75)]) };
        var split = new SplitMetrics(0.5, scores);
        void Write<T>(string name, T value) => File.WriteAllText(Path.Combine(trial.FullPath, name), JsonSerializer.Serialize(value, TrialJson.Options));
        File.WriteAllText(Path.Combine(trial.FullPath, "history.csv"), HistoryCsv.Format([]));
        Write("environment.json", new TrialEnvironment
        {
            MedTransfer = "1.0.0",
            TorchSharp = "0",
            Runtime = "r",
            System = "s",
            Device = "cpu",
            Threads = 1,
            DataPath = "/home/somebody/set.npz",
            DataDigest = "0",
            Finished = DateTimeOffset.UnixEpoch.AddDays(seed),
            TrainingSeconds = 1,
            TotalSeconds = 1,
        });
        Write("metrics.json", new TrialMetrics
        {
            Train = split,
            Validation = split,
            Test = split,
            Task = LabelTask.BinaryClass,
            WeightsDigest = "",
            Epochs = 1,
            KeptEpoch = 1,
            Parameters = 1,
            TrainableParameters = 1,
            Transferred = [],
            NotTransferred = [],
        });
        return trial.Name;
    }

    // of some thirty keys a third differ, and one names another trial
    private static FSharpList<Tuple<string, string>> Vary(FSharpList<Tuple<string, string>> spec, int i) =>
        ListModule.OfSeq(spec.Select((pair, place) => Tuple.Create(pair.Item1, place % 3 == 0 ? $"{pair.Item2}{i % 7}" : pair.Item2)).Append(Tuple.Create("origin", $"{i:x16}")));
}
