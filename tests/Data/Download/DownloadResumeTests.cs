using MedTransfer.Data.Download;
using static MedTransfer.Tests.Data.Fetching;

namespace MedTransfer.Tests.Data;

/// <summary>A download that goes on from bytes that are already there.</summary>
public sealed class DownloadResumeTests : IDisposable
{
    private const string Tag = "\"version 1\"";

    private readonly Fetching fetch = new();

    public void Dispose() => fetch.Dispose();

    [Fact]
    public void Part_of_an_earlier_process_is_resumed()
    {
        using var server = new LocalServer(Replies.Content(Content));
        File.WriteAllBytes(fetch.Part, Content[..200_000]);

        fetch.From(server);

        Assert.Equal("bytes=200000-", Assert.Single(server.Requests).Header("Range"));
        Assert.Equal(100_000, server.BodyBytes);
        Assert.Equal(200_000, fetch.Said[0].Bytes);
        fetch.AssertWhole();
    }

    [Fact]
    public void Transfer_that_breaks_off_is_resumed_under_its_tag()
    {
        using var server = new LocalServer(Replies.Content(Content, Tag, cutAt: 150_000), Replies.Content(Content, Tag));

        fetch.From(server);

        Assert.Equal([null, "bytes=150000-"], server.Requests.Select(request => request.Header("Range")));
        Assert.Equal([null, Tag], server.Requests.Select(request => request.Header("If-Range")));
        Assert.Equal(Content.Length, server.BodyBytes);
        fetch.AssertWhole();
    }

    [Fact]
    public void Tag_outlives_the_process()
    {
        using var server = new LocalServer(Replies.Content(Content, Tag, cutAt: 150_000), Replies.Content(Content, Tag));
        fetch.Failure(server, fetch.Options with { Tries = 1 });

        fetch.From(server);

        Assert.Equal(Tag, server.Requests[1].Header("If-Range"));
        Assert.Equal(150_000, server.Requests[1].From);
        fetch.AssertWhole();
    }

    [Fact]
    public void Weak_tag_is_not_asked_for()
    {
        using var server = new LocalServer(Replies.Content(Content, "W/\"1\"", cutAt: 150_000), Replies.Content(Content, "W/\"1\""));

        fetch.From(server);

        Assert.Null(server.Requests[1].Header("If-Range"));
        Assert.Equal(150_000, server.Requests[1].From);
        fetch.AssertWhole();
    }

    [Fact]
    public void Server_without_ranges_sends_all_again()
    {
        using var server = new LocalServer(Replies.Whole(Content));
        File.WriteAllBytes(fetch.Part, Bytes(seed: 2, count: 350_000));

        fetch.From(server);

        Assert.Single(server.Requests);
        fetch.AssertWhole();
    }

    [Fact]
    public void Version_that_changed_midway_is_fetched_from_its_start()
    {
        using var server = new LocalServer(
            Replies.Content(Bytes(seed: 2, count: 250_000), "\"old\"", cutAt: 150_000), Replies.Content(Content, "\"new\""));

        fetch.From(server);

        Assert.Equal(2, server.Requests.Count);
        fetch.AssertWhole();
    }

    [Theory]
    [InlineData("Content-Range: bytes 150000-299999/300000", "ETag: \"new\"")]
    [InlineData("Content-Range: bytes 100000-249999/300000", "ETag: \"old\"")]
    [InlineData("ETag: \"old\"")]
    public void Rest_that_does_not_fit_is_not_joined_on(params string[] headers)
    {
        using var server = new LocalServer(
            Replies.Content(Content, "\"old\"", cutAt: 150_000),
            reply =>
            {
                reply.Head("206 Partial Content", ["Content-Length: 150000", .. headers]);
                reply.Body(Content.AsSpan(150_000));
            },
            Replies.Content(Content));

        fetch.From(server);

        Assert.Null(server.Requests[2].Header("Range"));
        Assert.Contains(fetch.Said, said => said.Reason is { } reason && reason.Contains("belongs to another file", StringComparison.Ordinal));
        fetch.AssertWhole();
    }

    [Fact]
    public void Part_that_is_complete_needs_no_more_bytes()
    {
        using var server = new LocalServer(Replies.Content(Content));
        File.WriteAllBytes(fetch.Part, Content);

        fetch.From(server);

        Assert.Equal(0, server.BodyBytes);
        fetch.AssertWhole();
    }

    [Fact]
    public void Part_that_is_longer_than_the_file_is_started_over()
    {
        using var server = new LocalServer(Replies.Content(Content));
        File.WriteAllBytes(fetch.Part, Bytes(seed: 2, count: 400_000));

        fetch.From(server);

        Assert.Equal(["bytes=400000-", null], server.Requests.Select(request => request.Header("Range")));
        fetch.AssertWhole();
    }

    [Fact]
    public void Stop_keeps_what_came()
    {
        using var server = new LocalServer(
            reply =>
            {
                reply.Head("200 OK", $"Content-Length: {Content.Length}");
                reply.Body(Content.AsSpan(0, 100_000));
                reply.Silence();
            },
            Replies.Content(Content));
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => new DatasetDownload(fetch.Options with { StallLimit = TimeSpan.FromSeconds(10) }).Fetch(
            Wanted(server.Url, Content), fetch.Folder, said =>
            {
                if (said.Stage == DownloadStage.Receiving) stop.Cancel();
            }, stop.Token));

        var kept = new FileInfo(fetch.Part).Length;
        Assert.InRange(kept, 1, 100_000);
        Assert.False(File.Exists(fetch.Path));
        fetch.From(server);
        Assert.Equal(kept, server.Requests[1].From);
        fetch.AssertWhole();
    }
}
