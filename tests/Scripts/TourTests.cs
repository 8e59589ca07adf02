using System.Text.Json;
using System.Text.RegularExpressions;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Scripts;

/// <summary>The tour of scripts/README.md and what goes wrong after it, typed into one REPL; its trials serve the notebook too.</summary>
public sealed class TypedTour : IDisposable
{
    private const string End = "The tour is over.";
    private readonly TemporaryFolder folder = new();

    public TypedTour()
    {
        string[] typed = [$"results @\"{folder.Path}\"", .. Tour.Lines, $"eprintfn \"{End}\"", .. Mistakes];
        var (code, output, error) = DotnetProcess.Run(string.Concat(typed.Select(line => $"{line};;\n")) + "#quit;;\n", "fsi", "--use:scripts/explore.fsx", "--nologo");
        Assert.Equal(0, code);
        Assert.Contains(End, error, StringComparison.Ordinal);
        Output = output;
        (Error, Mistaken) = (error.Split(End)[0], error.Split(End)[1]);
    }

    /// <summary>A name, a file, a set and an option that are wrong, and what nobody foresaw.</summary>
    public static IReadOnlyList<string> Mistakes { get; } =
    [
        "load \"nonsense\"", "predictFiles net [ \"nowhere.png\" ]", "train (xrays.WithTrainSample(100, 1L))", "trainWith { defaults with Epochs = 0 } xrays",
        "trial \"zz\"", "compare net pretrained", "predict net null",
    ];

    public string Folder => folder.Path;

    public string Output { get; }

    /// <summary>What stood on standard error until the tour was over.</summary>
    public string Error { get; }

    /// <summary>The same of the mistakes.</summary>
    public string Mistaken { get; }

    public void Dispose() => folder.Dispose();
}

/// <summary>The lines of scripts/README.md and of scripts/tour.dib.</summary>
internal static partial class Tour
{
    /// <summary>Each line of F# in the README.</summary>
    public static IReadOnlyList<string> Lines => [.. Block().Matches(File.ReadAllText(In("README.md"))).SelectMany(block => LinesOf(block.Groups[1].Value))];

    /// <summary>Each line of F# in the notebook, but for those of its first two cells, which open what explore.fsx opens.</summary>
    public static IReadOnlyList<string> NotebookLines => [.. Cell().Matches(Notebook).Skip(2).SelectMany(cell => LinesOf(cell.Groups[1].Value))];

    public static string Notebook => File.ReadAllText(In("tour.dib"));

    public static string In(string file) => Path.Combine(Folder.project, "scripts", file);

    private static string[] LinesOf(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex("```fsharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("(?<=^|\n)#!fsharp\n(.*?)(?=\n#!|$)", RegexOptions.Singleline)]
    private static partial Regex Cell();
}

/// <summary>What a researcher types first, in processes of their own.</summary>
public sealed class TourTests(TypedTour tour) : IClassFixture<TypedTour>
{
    [Fact]
    public void Every_line_of_the_tour_works_and_is_answered_in_a_few_lines()
    {
        Assert.DoesNotContain("error", tour.Error, StringComparison.OrdinalIgnoreCase);
        Assert.All(
            ["MedTransfer. Try", "train: 1600 images (normal 416, pneumonia 1184)", "no transfer, seed 0, on phantom:phantom-pneumonia: test ACC 0.", "frozen, logistic regression",
                "first minus second, 95 % interval", "The interval is of these two models", "Phantoms: these figures say nothing about patients.", "(580 more rows)", "History: a row an epoch, 20 x"],
            part => Assert.Contains(part, tour.Output, StringComparison.Ordinal));
        Assert.Contains("[1/1] no transfer, seed 0 done in ", tour.Error, StringComparison.Ordinal);
        Assert.All(["seen/set.html", "reports/explore.html"], page => Assert.True(File.Exists(Path.Combine(tour.Folder, page)), page));
    }

    [Fact]
    public void Each_training_has_a_folder_and_is_counted_as_a_look_at_test_images()
    {
        var trained = Tour.Lines.Count(line => line.Contains("train", StringComparison.Ordinal) && line.Contains("defaults with", StringComparison.Ordinal)) + 2;   // train, control
        Assert.Equal(trained, Directory.GetFiles(Path.Combine(tour.Folder, "runs"), "metrics.json", SearchOption.AllDirectories).Length);
        Assert.Equal(trained, File.ReadLines(Path.Combine(tour.Folder, "runs", "test-ledger.csv")).Count(row => row.Contains(",explore,", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_mistake_is_one_line_each()
    {
        var lines = tour.Mistaken.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line != "Stopped due to error").ToList();
        Assert.Equal(TypedTour.Mistakes.Count, lines.Count);
        Assert.All(lines, line => Assert.StartsWith("error: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_notebook_has_the_lines_of_the_tour() => Assert.Equal(Tour.Lines, Tour.NotebookLines);

    [Fact]
    public void Every_cell_of_the_notebook_works()
    {
        Assert.SkipUnless(DotnetProcess.RunIn(Tour.In(""), "", "tool", "restore").Code == 0, "dotnet-repl, which runs notebooks, can't be restored here");
        // a copy, so that it finds the trials that the REPL left, and leaves none in the project
        var (notebook, run) = (Path.Combine(tour.Folder, "tour.dib"), Path.Combine(tour.Folder, "tour.ipynb"));
        File.WriteAllText(notebook, Tour.Notebook.Replace("\"lib/", $"\"{Tour.In("lib")}/", StringComparison.Ordinal).Replace(Tour.Lines[0], $"results @\"{tour.Folder}\"\n{Tour.Lines[0]}", StringComparison.Ordinal));
        var (_, output, error) = DotnetProcess.RunIn(Tour.In(""), "", "repl", "--run", notebook, "--exit-after-run", "--output-path", run);
        Assert.True(File.Exists(run), output + error);
        using var cells = JsonDocument.Parse(File.ReadAllText(run));
        var outputs = cells.RootElement.GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("cell_type").GetString() == "code").SelectMany(cell => cell.GetProperty("outputs").EnumerateArray()).ToList();
        Assert.DoesNotContain(outputs, one => one.GetProperty("output_type").GetString() == "error");
        Assert.Contains(outputs, one => one.GetRawText().Contains("first minus second, 95 % interval", StringComparison.Ordinal));
    }
}
