using System.Text.Json;
using System.Text.RegularExpressions;
using MedTransfer.Recipes;

namespace MedTransfer.Tests.Scripts;

/// <summary>Scripts as users start them, small, in processes of their own: they run beside what else is tested.</summary>
public sealed partial class FsiTests : IDisposable
{
    private readonly SyntheticSets sets = new();

    [Fact]
    public void Task2_runs_through_fsi_and_writes_a_report_that_opens_offline()
    {
        var (code, output, error) = Fsi("scripts/task2.fsx", "--smoke", "--source", sets.Source, "--target", sets.Target, "--out", sets.Folder);
        Assert.True(code == 0, error);
        // verdict, trust, three boxes and the page's path; what is to be said against them besides
        Assert.Matches("(?m)^No verdict on fine-tuned against no transfer: test ROC AUC .*\nTrust it[?] No, because nothing follows from such figures [(]smoke run[)][.]\nBest way", output);
        Assert.DoesNotContain("Table 3.", output);
        var reports = Path.Combine(sets.Folder, "reports", "task2");
        var page = File.ReadAllText(Path.Combine(reports, "report.html"));
        Assert.All(
            ["majority class", "pixel regression", "random features, logistic regression", "no transfer", "frozen", "frozen, logistic regression", "fine-tuned"],
            way => Assert.Contains($">{way}</th>", page));
        Assert.All(["PCA: no transfer, train", "t-SNE: fine-tuned, test", "t-SNE: raw pixels, train"], title => Assert.Contains(title, page));
        Assert.DoesNotMatch(Fetched(), page);
        AssertSmokeOnOwnImages(page, output);
        // who is sent it sees neither images nor where they are
        Assert.DoesNotContain("<img", page);
        // nor in a script, which pictures of hovered points are in: a PNG's first bytes
        Assert.DoesNotContain("iVBORw0KGgo", page);
        Assert.Contains("<span class=\"option\">--include-images</span> shows some", page);
        Assert.DoesNotContain(sets.Folder, page);
        Assert.DoesNotContain(sets.Folder, File.ReadAllText(Path.Combine(reports, "trials.csv")));
        // two seeds of pretraining and of five ways, and two samples of the two ways without randomness of their own
        Assert.Equal(2 + 2 * 7, Directory.GetFiles(Path.Combine(sets.Folder, "runs"), "metrics.json", SearchOption.AllDirectories).Length);
        Assert.Equal(1 + 2 * 7, File.ReadLines(Path.Combine(reports, "trials.csv")).Count());
    }

    [Fact]
    public void Task1_runs_through_fsi_and_answers_from_its_own_figures()
    {
        var (code, output, error) = Fsi("scripts/task1.fsx", "--smoke", "--target", sets.Source, "--out", sets.Folder, "--include-images", "--tables");
        Assert.True(code == 0, error);
        Assert.All(["Table 1.", "Table 2.", "Swiss roll, t-SNE", "held out, all folds together"], part => Assert.Contains(part, output));
        var page = File.ReadAllText(Path.Combine(sets.Folder, "reports", "task1", "report.html"));
        Assert.All(
            ["mean brightness", "early stopping", "dropout", "augmentation", "checkpoints", "cross-validation", "all combined", "encoder, frozen", "encoder, fine-tuned"],
            way => Assert.Contains($">{way}</th>", page));
        Assert.Contains("\"iVBORw0KGgo", page);
        Assert.All(["Figure 2.", "Which training keeps", "Is the encoder"], part => Assert.Contains(part, page));
        AssertSmokeOnOwnImages(page, output);
        Assert.DoesNotMatch(Fetched(), page);
        Assert.True(File.Exists(Path.Combine(sets.Folder, "reports", "task1", "all-scores.csv")));
    }

    [Fact]
    public void Phantoms_say_so_and_no_verdict_is_given()
    {
        var (code, output, error) = Fsi("scripts/task2.fsx", "--smoke", "--seeds", "1", "--epochs", "1", "--offline",
            "--source", "phantom-chest", "--target", "phantom-pneumonia", "--out", sets.Folder);
        Assert.True(code == 0, error);
        var page = File.ReadAllText(Path.Combine(sets.Folder, "reports", "task2", "report.html"));
        Assert.Contains("say nothing about patients", output);
        Assert.Contains("<p class=\"warning\"", page);
        Assert.Contains("(On phantoms. Smoke run.)", page);
        Assert.Contains("study test ACC", page);
        Assert.All(File.ReadLines(Path.Combine(sets.Folder, "reports", "task2", "trials.csv")).Skip(1), row => Assert.Contains("phantom", row));
        Assert.Contains("Transfer accelerates the learning.", page);
        Assert.All(["holds here", "the opposite here", "can&#39;t be told", "not tested"], verdict => Assert.DoesNotContain(verdict, page));
    }

    [Fact]
    public void The_build_says_what_it_can_do_and_runs_nothing()
    {
        var (code, output, error) = Fsi("build.fsx", "--", "--help");
        Assert.True(code == 0, error);
        Assert.All(["Restore", "Build", "Test", "Golden", "Check", "Format", "Task1", "Task2", "Reports", "Site", "Clean"], target => Assert.Matches($"(?m)^  {target} +[A-Za-z]", output));
        Assert.Equal("", error);
    }

    [Fact]
    public void A_script_restores_its_system_s_libtorch_and_what_core_and_recipes_reference_and_no_more()
    {
        var (code, output, error) = DotnetProcess.Run("#load \"scripts/lib/Packages.fsx\";;\nprintfn \"groups: %s\" (String.concat \",\" Packages.scripts);;\n#quit;;\n", "fsi", "--nologo");
        Assert.True(code == 0, error);
        var libtorch = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "Mac" : "Linux";
        Assert.Contains($"groups: Main,{libtorch},Lab,Backbones\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(["paket", "fantomas"], Tools(".config"));
        Assert.Equal(["dotnet-repl"], Tools("scripts", ".config"));
    }

    public void Dispose() => sets.Dispose();

    // dotnet restores all of a manifest; that of a folder below is for who works there
    private static IEnumerable<string> Tools(params string[] folder)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine([Folder.project, .. folder, "dotnet-tools.json"])));
        return [.. manifest.RootElement.GetProperty("tools").EnumerateObject().Select(tool => tool.Name)];
    }

    private static void AssertSmokeOnOwnImages(string page, string output)
    {
        Assert.All(["(Smoke run.)", "From a smoke run: at most 64 images of every split"], mark => Assert.Contains(mark, page));
        Assert.Contains("From a smoke run", output);
        Assert.All(
            ["holds here", "the opposite here", "can&#39;t be told", "not tested", "by more than chance", "underfits", "overfits"],
            verdict => Assert.DoesNotContain(verdict, page[page.IndexOf("<main>", StringComparison.Ordinal)..]));
        Assert.All(
            ["study train ACC", "study test ACC", "The study&#39;s figures", "The study&#39;s own table", "its own Table 3", ">the study</th>", "significant drop", "columns are the study"],
            figure => Assert.DoesNotContain(figure, page[page.IndexOf("<main>", StringComparison.Ordinal)..]));
    }

    private static (int Code, string Output, string Error) Fsi(params string[] words) => DotnetProcess.Run("", ["fsi", .. words]);

    // anything a browser would load from elsewhere
    [GeneratedRegex("""<(script|link|img)[^>]+(src|href)\s*=\s*["']?\s*(https?:)?//""", RegexOptions.IgnoreCase)]
    private static partial Regex Fetched();
}
