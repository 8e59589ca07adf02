using MedTransfer.Data.Catalogue;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Catalogue;

/// <summary>Files found by their digests, which are their texts here.</summary>
public sealed class DigestSearchTests : IDisposable
{
    private readonly TemporaryFolder was = new(), first = new(), second = new();
    private readonly List<string> read = [], told = [];

    public void Dispose()
    {
        was.Dispose();
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public void File_is_where_it_was_if_it_has_that_digest_still()
    {
        File.WriteAllText(was["a.npz"], "digest");
        File.WriteAllText(first["a.npz"], "digest");

        Assert.Equal(was["a.npz"], Search().Find(was["a.npz"], "digest"));
        Assert.Equal([was["a.npz"]], read);
    }

    [Fact]
    public void File_that_has_changed_or_moved_is_found_under_its_name_before_any_other_is_read()
    {
        File.WriteAllText(was["b.npz"], "other");
        File.WriteAllText(first["a.npz"], "another");
        File.WriteAllText(second["b.npz"], "digest");

        Assert.Equal(second["b.npz"], Search().Find(was["b.npz"], "digest"));
        Assert.Equal([was["b.npz"], second["b.npz"]], read);
        Assert.Equal(second["b.npz"], Search().Find(@"D:\data\b.npz", "digest"));
    }

    [Fact]
    public void File_under_another_name_is_found_and_each_is_read_once()
    {
        File.WriteAllText(first["x.npz"], "one");
        File.WriteAllText(first["y.npz"], "two");
        File.WriteAllText(first["z.txt"], "three");
        var search = Search();

        Assert.Equal(first["y.npz"], search.Find(was["a.npz"], "two"));
        Assert.Equal(first["x.npz"], search.Find(was["b.npz"], "one"));
        Assert.Null(search.Find(was["c.npz"], "three"));
        Assert.Equal(read.Count, read.Distinct().Count());
    }

    [Fact]
    public void File_that_cannot_be_read_and_folder_that_is_not_there_are_passed_over()
    {
        File.WriteAllText(first["a.npz"], "damaged");
        File.WriteAllText(first["b.npz"], "digest");

        Assert.Equal(first["b.npz"], Search(Path.Combine(was.Path, "no folder"), first.Path).Find(was["a.npz"], "digest"));
    }

    [Fact]
    public void Reading_much_is_said_before_it_is_done()
    {
        File.WriteAllText(first["x.npz"], new string('x', 1000));
        File.WriteAllText(first["y.npz"], "digest");

        Search().Find(was["a.npz"], "digest");
        Assert.Empty(told);
        Search(quiet: 1005).Find(was["a.npz"], "digest");
        Assert.Equal([$"Looking for a.npz, which is not at {was["a.npz"]}, by its digest among 2 files of 0 MB in '{first.Path}', '{second.Path}'."], told);
        Search(quiet: 1006).Find(was["a.npz"], "digest");
        Assert.Single(told);
    }

    private DigestSearch<string> Search(params string[] folders) => Search(300_000_000, folders);

    private DigestSearch<string> Search(long quiet, params string[] folders) =>
        new(new DataFolders(folders.Length > 0 ? folders : [first.Path, second.Path]), ".npz", Identify, path => File.ReadAllText(path)) { Notice = told.Add, QuietBytes = quiet };

    private string Identify(string path)
    {
        if (!File.Exists(path) || File.ReadAllText(path) == "damaged")
            throw new MedTransferException($"{path}: can't be read");
        read.Add(path);
        return path;
    }
}
