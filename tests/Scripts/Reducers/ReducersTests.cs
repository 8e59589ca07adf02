using MedTransfer.Data.Formats;
using MedTransfer.Tests.Reduction;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Reducers;

[Collection(OneAtATime.Name)]
public sealed class ReducersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReducersTests()
    {
        NpyWriter.Write(_folder["x.npy"], Inputs.Blobs(classes: 2, size: 30, width: 5).Points);
        using var labels = File.Create(_folder["l.npy"]);
        NpyWriter.Write(labels, Enumerable.Range(0, 60).Select(i => i % 2).ToArray());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_points_becomes_a_page_with_every_method_and_what_linear_data_are()
    {
        Assert.Equal(0, Run("--input", _folder["x.npy"], "--labels", _folder["l.npy"], "--report", _folder["page.html"]));
        var page = File.ReadAllText(_folder["page.html"]);
        Assert.All(MedTransfer.Recipes.Methods.all, method => Assert.Contains($">{method.Name}</th>", page, StringComparison.Ordinal));
        Assert.All(
            ["too few for parts, so that nothing says how far chance goes", "Linear data and other", "plane in 20 dimensions (linear): t-SNE less PCA -", ": PCA is better.", "Swiss roll (not linear): t-SNE less PCA ", ": t-SNE is better.", "told the classes"],
            part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.DoesNotContain(_folder.Path, page, StringComparison.Ordinal);
    }

    public static TheoryData<string[]> WrongWords => new(
        ["--input", "x.npy", "--run", "abc"], ["--labels", "l.npy"], ["--report", "page.pdf"], ["--points", "3"], ["--data", "a", "--input", "x.npy"], ["--nonsense"]);

    [Theory]
    [MemberData(nameof(WrongWords))]
    public void Words_that_make_no_sense_end_with_two(string[] words) => Assert.Equal(2, Run(words));

    [Fact]
    public void Files_and_trials_that_are_not_there_end_with_one()
    {
        Assert.Equal(1, Run("--input", _folder["none.npy"], "--report", _folder["page.html"]));
        Assert.Equal(1, Run("--run", "zzzz", "--out", _folder.Path, "--report", _folder["page.html"]));
        Assert.Equal(1, Run("--data", _folder["none.npz"], "--report", _folder["page.html"]));
        Assert.False(File.Exists(_folder["page.html"]));
    }

    private static int Run(params string[] words) => MedTransfer.Recipes.Reducers.run(ListModule.OfSeq(words), TestContext.Current.CancellationToken);
}
