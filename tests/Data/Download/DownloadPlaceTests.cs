using MedTransfer.Data.Download;
using static MedTransfer.Tests.Data.Fetching;

namespace MedTransfer.Tests.Data;

/// <summary>Folders and disks that do not take the file.</summary>
public sealed class DownloadPlaceTests : IDisposable
{
    private readonly Fetching fetch = new();

    public void Dispose() => fetch.Dispose();

    [Fact]
    public void Full_disk_names_the_path_and_the_reason()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs Linux's /dev/full");
        File.CreateSymbolicLink(fetch.Part, "/dev/full");
        using var server = new LocalServer(Replies.Content(Content));

        var error = fetch.Failure(server);

        Assert.StartsWith($"Cannot write {fetch.Part} (No space left on device", error, StringComparison.Ordinal);
        Assert.Contains("by hand into another folder and name that with MEDMNIST_ROOT or a recipe's --data", error, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void File_larger_than_the_disk_is_not_begun()
    {
        using var server = new LocalServer(reply =>
        {
            reply.Head("200 OK", $"Content-Length: {1L << 60}");
            reply.Body(Content);
        });

        Assert.Contains("1152921504606.8 MB are missing, ", fetch.Failure(server), StringComparison.Ordinal);

        Assert.Empty(fetch.Files);
    }

    [Fact]
    public void Folder_that_takes_no_files_is_an_error_before_anything_is_sent()
    {
        // Unlike a read-only folder, this one refuses new files even to root.
        Assert.SkipUnless(Directory.Exists("/proc"), "needs Linux");
        using var server = new LocalServer(Replies.Content(Content));

        var error = Assert.Throws<MedTransferException>(() =>
            new DatasetDownload(fetch.Options).Fetch(Wanted(server.Url, Content), "/proc", null, TestContext.Current.CancellationToken));

        Assert.StartsWith("Cannot write /proc/set.npz.claims (", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void File_in_place_of_the_folder_is_an_error()
    {
        File.WriteAllText(fetch.Path + "x", "a file");
        using var server = new LocalServer(Replies.Content(Content));

        var error = Assert.Throws<MedTransferException>(() =>
            new DatasetDownload(fetch.Options).Fetch(Wanted(server.Url, Content), fetch.Path + "x", null, TestContext.Current.CancellationToken));

        Assert.StartsWith($"Cannot write {fetch.Path}x (", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }
}
