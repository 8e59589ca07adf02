using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Download;
using MedTransfer.Runtime.Claims;
using static MedTransfer.Tests.Data.Fetching;

namespace MedTransfer.Tests.Data;

/// <summary>What a user sees of a download that goes well.</summary>
public sealed class DatasetDownloadTests : IDisposable
{
    private readonly Fetching fetch = new();

    public void Dispose() => fetch.Dispose();

    [Fact]
    public void Fetch_brings_the_file_and_leaves_nothing_beside_it()
    {
        using var server = new LocalServer(Replies.Content(Content, tag: "\"1\""));

        Assert.Equal(fetch.Path, fetch.From(server));

        fetch.AssertWhole();
        Assert.Single(server.Requests);
        Assert.Equal(Content.Length, server.BodyBytes);
    }

    [Fact]
    public void Fetch_takes_a_body_of_unannounced_length()
    {
        using var server = new LocalServer(reply =>
        {
            reply.Head("200 OK");
            reply.Body(Content);
        });

        fetch.From(server);

        fetch.AssertWhole();
    }

    [Fact]
    public void Fetch_makes_the_folder()
    {
        using var server = new LocalServer(Replies.Content(Content));
        var below = Path.Combine(fetch.Folder, "a", "b");

        var path = new DatasetDownload(fetch.Options).Fetch(
            Wanted(server.Url, Content), below, null, TestContext.Current.CancellationToken);

        Assert.Equal(Path.Combine(below, "set.npz"), path);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void File_that_is_there_is_neither_fetched_nor_touched()
    {
        using var server = new LocalServer(Replies.Content(Content));
        File.WriteAllText(fetch.Path, "the user's own");

        Assert.Equal(fetch.Path, fetch.From(server));

        Assert.Empty(server.Requests);
        Assert.Empty(fetch.Said);
        Assert.Equal("the user's own", File.ReadAllText(fetch.Path));
        Assert.Equal(["set.npz"], fetch.Files);
    }

    [Fact]
    public void Start_is_said_before_anything_is_sent()
    {
        using var server = new LocalServer(Replies.Content(Content));
        var sentBefore = -1;

        new DatasetDownload(fetch.Options).Fetch(Wanted(server.Url, Content), fetch.Folder, said =>
        {
            if (said.Stage == DownloadStage.Starting) sentBefore = server.Requests.Count;
        }, TestContext.Current.CancellationToken);

        Assert.Equal(0, sentBefore);
    }

    [Fact]
    public void Progress_goes_from_start_to_done()
    {
        using var server = new LocalServer(Replies.Content(Content));

        fetch.From(server);

        Assert.Equal(
            [DownloadStage.Starting, DownloadStage.Receiving, DownloadStage.Checking, DownloadStage.Done],
            fetch.Said.Select(said => said.Stage).Distinct());
        var last = fetch.Said.Last(said => said.Stage == DownloadStage.Receiving);
        Assert.Equal((Content.Length, Content.Length), (last.Bytes, last.Of));
        Assert.True(last.BytesPerSecond > 0);
        Assert.Equal(TimeSpan.Zero, last.Left);
        Assert.All(fetch.Said, said => Assert.Equal((server.Url, fetch.Folder), (said.File.Url, said.Folder)));
    }

    [Fact]
    public void Time_left_is_what_is_missing_over_the_speed()
    {
        var said = new DownloadProgress(
            DownloadStage.Receiving, Wanted(new("https://example.org"), []), "data", Bytes: 20, Of: 100, BytesPerSecond: 10, null, null);

        Assert.Equal(TimeSpan.FromSeconds(8), said.Left);
        Assert.Null((said with { Of = null }).Left);
        Assert.Null((said with { BytesPerSecond = null }).Left);
    }

    [Fact]
    public async Task Two_at_once_fetch_the_file_once()
    {
        using var bothAsked = new ManualResetEventSlim();
        using var server = new LocalServer(reply =>
        {
            bothAsked.Wait(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            Replies.Content(Content)(reply);
        });
        var file = Wanted(server.Url, Content);
        var options = fetch.Options with { StallLimit = TimeSpan.FromSeconds(10) };

        // Whoever comes second says that it waits; only then may the first go on.
        var both = Enumerable.Range(0, 2).Select(_ => Task.Run(() => new DatasetDownload(options).Fetch(file, fetch.Folder, said =>
        {
            if (said.Stage == DownloadStage.WaitingForOther) bothAsked.Set();
        }, TestContext.Current.CancellationToken)));

        Assert.Equal([fetch.Path, fetch.Path], await Task.WhenAll(both));
        Assert.Single(server.Requests);
        fetch.AssertWhole();
    }

    [Fact]
    public void Wait_for_another_process_can_be_stopped()
    {
        using var server = new LocalServer(Replies.Content(Content));
        using var other = FolderClaim.Take(fetch.Path + ".claims", error => new MedTransferException("refused", error), TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => new DatasetDownload(fetch.Options).Fetch(
            Wanted(server.Url, Content), fetch.Folder, said => stop.Cancel(), stop.Token));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Official_file_is_named_as_in_the_catalogue()
    {
        var entry = MedMnist.TryFind("pneumoniamnist")!;

        Assert.Equal(new RemoteFile(entry.Url, "pneumoniamnist.npz", "28209eda62fecd6e6a2d98b1501bb15f"), RemoteFile.Of(entry));
    }
}
