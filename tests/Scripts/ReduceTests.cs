using MedTransfer.Data.Formats;
using MedTransfer.Recipes;
using MedTransfer.Tests.Reduction;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

// others read what is printed
[Collection(OneAtATime.Name)]
public sealed class ReduceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReduceTests()
    {
        NpyWriter.Write(Input, Inputs.Blobs(classes: 3, size: 40, width: 5).Points);
        using var labels = File.Create(Labels);
        NpyWriter.Write(labels, Enumerable.Range(0, 120).Select(i => i % 3).ToArray());
    }

    public void Dispose() => _folder.Dispose();

    private string Input => _folder["x.npy"];

    private string Labels => _folder["labels.npy"];

    private string Output => _folder["y.npy"];

    [Fact]
    public void Points_of_a_file_become_places_in_a_file_and_a_page()
    {
        var page = _folder["page.html"];
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--iterations", "20", "--labels", Labels, "--report", page));
        Assert.Equal((120, 2), (NpyFile.ReadMatrix(Output).GetLength(0), NpyFile.ReadMatrix(Output).GetLength(1)));
        Assert.Contains("trustworthiness", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--method", "pca")]
    [InlineData("--perplexity", "10")]
    public void Components_are_as_many_as_asked_for(string option, string value)
    {
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--components", "3", option, value));
        Assert.Equal(3, NpyFile.ReadMatrix(Output).GetLength(1));
    }

    [Theory]
    [InlineData("--method", "pcb")]
    [InlineData("--perplexity", "0")]
    [InlineData("--components", "5")]
    [InlineData("--nonsense", "1")]
    public void Wrong_words_end_with_two(string option, string value) =>
        Assert.Equal(2, Run("--input", Input, "--output", Output, option, value));

    [Fact]
    public void Options_of_the_other_method_are_refused() =>
        Assert.Equal(2, Run("--input", Input, "--output", Output, "--method", "pca", "--perplexity", "5"));

    [Theory]
    [InlineData("pca", "--neighbours", "5")]
    [InlineData("tsne", "--neighbours", "5")]
    [InlineData("isomap", "--kernel", "rbf")]
    [InlineData("umap", "--distance", "cosine")]
    [InlineData("lda", "--components", "1")]
    [InlineData("umap", "--min-distance", "2")]
    [InlineData("kernel-pca", "--gamma", "0")]
    public void Options_that_a_method_has_not_and_what_it_is_missing_end_with_two(string method, string option, string value) =>
        Assert.Equal(2, Run("--input", Input, "--output", Output, "--method", method, option, value));

    public static TheoryData<string> EveryMethod => [.. Methods.all.Select(method => method.Typed)];

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Every_method_maps_by_its_defaults_and_makes_its_page(string method)
    {
        Save(Labels, Enumerable.Range(0, 120).Select(i => (long)(i % 3)).ToArray());
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", method, "--labels", Labels, "--report", _folder["page.html"]));
        Assert.Equal((120, 2), (NpyFile.ReadMatrix(Output).GetLength(0), NpyFile.ReadMatrix(Output).GetLength(1)));
        Assert.Contains(Methods.all.First(known => known.Typed == method).Name, File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_classes_lda_has_one_column_and_a_page_all_the_same()
    {
        Save(Labels, Enumerable.Range(0, 120).Select(i => (long)(i % 2)).ToArray());
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "lda", "--labels", Labels, "--report", _folder["page.html"]));
        Assert.Equal(1, NpyFile.ReadMatrix(Output).GetLength(1));
        Assert.Contains("The one column", File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_method_goes_by_0_points_far_from_it_are_left_there()
    {
        // round 0 the first direction of 1000 + noise is that of the ones: places are some 1000 times root 5
        Save(Input, Doubles(60, 5, (i, j) => 1000 + Math.Sin(7 * i + j)));
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "svd"));
        Assert.InRange(NpyFile.ReadMatrix(Output)[3, 0], 2200, 2300);
    }

    [Theory]
    [InlineData("isomap", "euclidean")]
    [InlineData("mds", "manhattan")]
    [InlineData("metric-mds", "manhattan")]
    public void Places_of_huge_points_are_numbers_as_large(string method, string distance)
    {
        Save(Input, Doubles(60, 3, (i, j) => 1e20 * Math.Sin(3 * i + 2 * j + i * j)));
        Assert.Equal(0, method == "isomap" ? Run("--input", Input, "--output", Output, "--method", method) : Run("--input", Input, "--output", Output, "--method", method, "--distance", distance));
        var map = NpyFile.ReadMatrix(Output);
        Assert.True(Inputs.AllFinite(map));
        Assert.InRange(map.Cast<float>().Max(), 1e19f, 1e22f);
    }

    [Fact]
    public void Columns_that_hold_nothing_are_said()
    {
        // points on a line have one direction
        Save(Input, Doubles(60, 2, (i, j) => (j + 1) * i));
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "isomap", "--report", _folder["page.html"]));
        Assert.Contains("Nothing is in column 2 of the map", File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--gamma", "1e-9")]
    [InlineData("--kernel", "sigmoid", "--gamma", "1e-12")]
    public void A_kernel_that_is_the_same_everywhere_has_a_map_of_one_place_and_says_so(params string[] kernel)
    {
        Assert.Equal(0, Run(["--input", Input, "--output", Output, "--method", "kernel-pca", "--report", _folder["page.html"], .. kernel]));
        Assert.All(NpyFile.ReadMatrix(Output).Cast<float>(), place => Assert.Equal(0, place));
        Assert.Contains("Nothing is in column 1, 2 of the map", File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_a_scale_takes_no_gamma() =>
        Assert.Equal(2, Run("--input", Input, "--output", Output, "--method", "kernel-pca", "--kernel", "cosine", "--gamma", "1"));

    [Fact]
    public void A_page_says_how_its_map_was_made_and_not_where_its_files_are()
    {
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "isomap", "--neighbours", "7", "--report", _folder["page.html"]));
        var page = File.ReadAllText(_folder["page.html"]);
        Assert.Contains("Isomap: <span class=\"option\">--method</span> isomap <span class=\"option\">--neighbours</span> 7", page, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_in_parts_is_said_on_the_page()
    {
        // two lines, far apart
        Save(Input, Doubles(60, 2, (i, j) => j == 0 ? i / 2 : i % 2 * 1000));
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "isomap", "--report", _folder["page.html"]));
        Assert.Contains("The graph of neighbours has 2 parts that no path joins; they were joined by the shortest edges between them", File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_input_and_perplexity_out_of_reach_end_with_one_and_write_nothing()
    {
        Assert.Equal(1, Run("--input", _folder["none.npy"], "--output", Output));
        Assert.Equal(1, Run("--input", Input, "--output", Output, "--perplexity", "100"));
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void Doubles_far_from_0_are_laid_out_by_what_they_differ_in()
    {
        // 1e9 + a and 1e9 + b of a cross: without their offset the first column is a, the second b
        Save(Input, Doubles(40, 2, (i, j) => 1e9 + (i % 2 == j ? i - 20 : 0) * (j == 0 ? 1 : 0.5)));
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "pca"));
        var map = NpyFile.ReadMatrix(Output);
        Assert.Equal(18, map[38, 0] - map[20, 0], 1e-2);
        Assert.Equal(9, map[39, 1] - map[21, 1], 1e-2);
    }

    [Fact]
    public void Labels_are_names_and_minus_one_is_no_cluster()
    {
        var page = _folder["page.html"];
        Save(Labels, Enumerable.Range(0, 120).Select(i => i % 4 == 0 ? -1L : i % 4 * 1_000_000L).ToArray());
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "pca", "--labels", Labels, "--report", page));
        var text = File.ReadAllText(page);
        Assert.Contains("\"name\":\"no cluster\"", text, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"3000000\"", text, StringComparison.Ordinal);
        Assert.Contains("silhouette and accuracy leave out 30 points of no cluster", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_single_precision_cannot_tell_apart_are_said_on_the_page()
    {
        var page = _folder["page.html"];
        Save(Input, Doubles(40, 1, (i, _) => (i % 2 == 0 ? 1e9 : 0) + i / 1e6));
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "pca", "--components", "1"));
        Save(Input, Doubles(40, 2, (i, j) => (i % 2 == 0 ? 1e9 : 0) + (j == 0 ? i / 1e6 : 0)));
        Assert.Equal(0, Run("--input", Input, "--output", Output, "--method", "pca", "--report", page));
        Assert.Contains("of 40 points differ from others only beyond single precision", File.ReadAllText(page), StringComparison.Ordinal);
    }

    public static TheoryData<string[]> WrongWords => new(
        ["--output", "y.csv"], ["--output", "x.npy"], ["--output", "labels.npy"], ["--output", "./x.npy"], ["--report", "page.txt"], ["--report", "  "],
        ["--report", "page.html", "--components", "1", "--method", "pca"], ["--start", "y.npy", "--seed", "1"],
        ["--repulsion", "grid", "--components", "3"]);

    [Theory]
    [MemberData(nameof(WrongWords))]
    public void What_the_words_rule_out_ends_with_two_before_anything_is_read(string[] words) => Assert.Equal(2, Early(words));

    public static TheoryData<string[]> WrongFiles => new(
        ["--perplexity", "100"], ["--method", "pca", "--components", "6"], ["--labels", "short.npy"], ["--labels", "nan.npy"], ["--labels", "none.npy"],
        ["--start", "short.npy"], ["--start", "nan.npy"], ["--start", "same.npy"], ["--start", "columns.npy"], ["--input", "same.npy"], ["--input", "nan2.npy"],
        ["--output", "folder.npy"], ["--output", "labels.npy/y.npy"], ["--report", "folder.html"], ["--report", "labels.npy/page.html"], ["--input", "short.npy"]);

    [Theory]
    [MemberData(nameof(WrongFiles))]
    public void What_the_files_rule_out_ends_with_one_before_the_first_iteration(string[] words)
    {
        Save(_folder["short.npy"], new long[119]);
        Save(_folder["nan.npy"], Enumerable.Range(0, 120).Select(i => i == 3 ? double.NaN : i).ToArray());
        Save(_folder["nan2.npy"], Doubles(120, 2, (i, _) => i == 3 ? double.NaN : i));
        Save(_folder["same.npy"], Doubles(120, 2, (_, _) => 0.1));
        Save(_folder["columns.npy"], Doubles(120, 3, (i, j) => i + j));
        Directory.CreateDirectory(_folder["folder.npy"]);
        Directory.CreateDirectory(_folder["folder.html"]);
        Assert.Equal(1, Early(words));
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void A_folder_that_is_missing_is_made()
    {
        var below = Path.Combine(_folder["new"], "deeper", "y.npy");
        Assert.Equal(0, Run("--input", Input, "--output", below, "--method", "pca"));
        Assert.True(File.Exists(below));
    }

    /// <summary>The exit code, 130 where the descent began: it has so many iterations that it does not end.</summary>
    private int Early(string[] words)
    {
        string Placed(string word) => word.Contains('.', StringComparison.Ordinal) ? _folder[word] : word;
        List<string> all = [.. words.Select(Placed)];
        foreach (var (option, path) in new[] { ("--input", Input), ("--output", Output), ("--labels", Labels) })
        {
            if (!all.Contains(option)) all.AddRange([option, path]);
        }
        if (!all.Contains("pca")) all.AddRange(["--iterations", "1000000000"]);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        soon.CancelAfter(TimeSpan.FromSeconds(20));
        return Reduce.run(ListModule.OfSeq(all), soon.Token);
    }

    private static double[,] Doubles(int rows, int columns, Func<int, int, double> value)
    {
        var points = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) points[i, j] = value(i, j);
        }
        return points;
    }

    private static void Save(string path, Array array)
    {
        using var file = File.Create(path);
        NpyWriter.Write(file, array);
    }

    private static int Run(params string[] words) => Reduce.run(ListModule.OfSeq(words), TestContext.Current.CancellationToken);
}
