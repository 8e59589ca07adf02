using MedTransfer.Data.Catalogue;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Catalogue;

public sealed class DataFoldersTests : IDisposable
{
    private readonly TemporaryFolder named = new(), root = new();

    public void Dispose()
    {
        named.Dispose();
        root.Dispose();
    }

    [Fact]
    public void Order_is_option_variable_project_home()
    {
        var folders = DataFolders.InOrder(named.Path, root.Path, "/project/data");

        Assert.Equal([named.Path, root.Path, "/project/data"], folders.Paths.Take(3));
        Assert.EndsWith(".medmnist", folders.Paths[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Folders_that_were_not_named_are_left_out(string? unset) =>
        Assert.EndsWith(".medmnist", Assert.Single(DataFolders.InOrder(null, unset, null).Paths), StringComparison.Ordinal);

    [Fact]
    public void Named_folder_that_is_not_there_is_a_usage_error()
    {
        var error = Assert.Throws<MedTransferException>(() => DataFolders.InOrder(named["missing"], root.Path, null));

        Assert.True(error.IsUsage);
        Assert.StartsWith("--data: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("is not there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_in_place_of_the_variables_folder_is_an_error()
    {
        File.WriteAllText(root["a"], "a");

        var error = Assert.Throws<MedTransferException>(() => DataFolders.InOrder(null, root["a"], null));

        Assert.StartsWith($"{DataFolders.RootVariable}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("is a file", error.Message, StringComparison.Ordinal);
    }
}
