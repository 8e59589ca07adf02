using MedTransfer.Data;
using MedTransfer.Recipes;
using MedTransfer.Tests.Reduction;
using MedTransfer.Tests.Runtime;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

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
    [InlineData("--method", "umap")]
    [InlineData("--perplexity", "0")]
    [InlineData("--components", "5")]
    [InlineData("--nonsense", "1")]
    public void Wrong_words_end_with_two(string option, string value) =>
        Assert.Equal(2, Run("--input", Input, "--output", Output, option, value));

    [Fact]
    public void Options_of_the_other_method_are_refused() =>
        Assert.Equal(2, Run("--input", Input, "--output", Output, "--method", "pca", "--perplexity", "5"));

    [Fact]
    public void Missing_input_and_perplexity_out_of_reach_end_with_one_and_write_nothing()
    {
        Assert.Equal(1, Run("--input", _folder["none.npy"], "--output", Output));
        Assert.Equal(1, Run("--input", Input, "--output", Output, "--perplexity", "100"));
        Assert.False(File.Exists(Output));
    }

    private static int Run(params string[] words) => Reduce.run(ListModule.OfSeq(words), TestContext.Current.CancellationToken);
}
