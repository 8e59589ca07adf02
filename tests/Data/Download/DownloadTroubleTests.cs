using static MedTransfer.Tests.Data.Fetching;

namespace MedTransfer.Tests.Data;

/// <summary>Servers that answer badly, and what becomes of the download.</summary>
public sealed class DownloadTroubleTests : IDisposable
{
    private readonly Fetching fetch = new();

    public void Dispose() => fetch.Dispose();

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("403 Forbidden")]
    [InlineData("416 Range Not Satisfiable")]
    public void Refusal_is_not_tried_again_and_says_what_to_do(string status)
    {
        using var server = new LocalServer(Replies.Status(status));

        var error = fetch.Failure(server);

        Assert.Single(server.Requests);
        Assert.Contains($"from {server.Url.AbsoluteUri} (the server answers {status[..3]} ", error, StringComparison.Ordinal);
        Assert.Contains($"download it by hand into {fetch.Folder}, or name a folder that has it with MEDMNIST_ROOT or a recipe's --data", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("503 Service Unavailable")]
    [InlineData("429 Too Many Requests")]
    public void Server_in_trouble_is_tried_again_after_growing_waits(string status)
    {
        using var server = new LocalServer(
            Replies.Status(status), Replies.Status(status), Replies.Status(status), Replies.Content(Content));

        fetch.From(server);

        Assert.Equal([1, 2, 4], fetch.Waits.Select(wait => wait.TotalSeconds));
        fetch.AssertWhole();
    }

    [Fact]
    public void Server_that_stays_in_trouble_is_given_up()
    {
        using var server = new LocalServer(Replies.Status("500 Internal Server Error"));

        Assert.Contains("500 InternalServerError, after 4 tries", fetch.Failure(server), StringComparison.Ordinal);

        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void Wait_that_the_server_asks_for_is_kept()
    {
        using var server = new LocalServer(
            Replies.Status("503 Service Unavailable", "Retry-After: 17"),
            Replies.Status("503 Service Unavailable", "Date: Thu, 01 Jan 2026 00:00:00 GMT", "Retry-After: Thu, 01 Jan 2026 00:00:23 GMT"),
            Replies.Content(Content));

        fetch.From(server);

        Assert.Equal([17, 23], fetch.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public void Wait_that_is_too_long_is_an_error()
    {
        using var server = new LocalServer(Replies.Status("503 Service Unavailable", "Retry-After: 3600"));

        Assert.Contains("503 ServiceUnavailable and asks to wait 3600 s", fetch.Failure(server), StringComparison.Ordinal);

        Assert.Empty(fetch.Waits);
    }

    [Fact]
    public void Silent_server_is_given_up_and_what_came_is_kept()
    {
        using var server = new LocalServer(reply =>
        {
            reply.Head("200 OK", $"Content-Length: {Content.Length}");
            reply.Body(Content.AsSpan(0, 1000));
            reply.Silence();
        });

        var error = fetch.Failure(server, fetch.Options with { Tries = 1, StallLimit = TimeSpan.FromMilliseconds(200) });

        Assert.Contains("nothing came for 0.2 s", error, StringComparison.Ordinal);
        Assert.Contains("the first 1000 bytes are kept, run again to go on", error, StringComparison.Ordinal);
        Assert.Equal(Content[..1000], File.ReadAllBytes(fetch.Part));
    }

    [Fact]
    public void Server_that_never_answers_is_given_up()
    {
        using var server = new LocalServer(reply => reply.Silence());

        var error = fetch.Failure(server, fetch.Options with
        {
            Tries = 1,
            ConnectLimit = TimeSpan.FromMilliseconds(100),
            StallLimit = TimeSpan.FromMilliseconds(100),
        });

        Assert.Contains("nothing came for 0.2 s", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Slow_server_is_waited_for_as_long_as_it_sends()
    {
        using var server = new LocalServer(reply =>
        {
            reply.Head("200 OK", $"Content-Length: {Content.Length}");
            foreach (var piece in Content.Chunk(50_000))
            {
                reply.Body(piece);
                Thread.Sleep(500);
            }
        });

        fetch.From(server, fetch.Options with { StallLimit = TimeSpan.FromMilliseconds(1800) });

        Assert.Single(server.Requests);
        fetch.AssertWhole();
    }

    [Fact]
    public void Tries_that_bring_a_mebibyte_are_not_counted()
    {
        var content = Bytes(seed: 3, count: 7 << 20);
        using var server = new LocalServer(Replies.Content(content, cutAt: 1 << 20));

        fetch.From(server, content: content);

        Assert.Equal(7, server.Requests.Count);
        Assert.Equal(content.Length, server.BodyBytes);
    }

    [Fact]
    public void Tries_that_bring_the_same_bytes_again_are_counted()
    {
        using var server = new LocalServer(Replies.Whole(Bytes(seed: 3, count: 2 << 20), announced: 3 << 20));

        Assert.Contains("after 4 tries", fetch.Failure(server), StringComparison.Ordinal);

        // The first brought more than a mebibyte and began the count anew.
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void Length_that_promises_too_much_does_no_harm()
    {
        using var server = new LocalServer(Replies.Whole(Content, announced: 310_000), Replies.Content(Content));

        fetch.From(server);

        fetch.AssertWhole();
    }

    [Fact]
    public void Bytes_beyond_the_announced_length_are_not_taken()
    {
        using var server = new LocalServer(Replies.Whole([.. Content, 1, 2, 3], announced: Content.Length));

        fetch.From(server);

        fetch.AssertWhole();
    }

    [Fact]
    public void Rest_longer_than_announced_is_thrown_away()
    {
        using var server = new LocalServer(
            Replies.Content(Content, cutAt: 150_000),
            reply =>
            {
                reply.Head("206 Partial Content", "Content-Range: bytes 150000-299999/300000");
                reply.Body(Content.AsSpan(150_000));
                reply.Body([1, 2, 3]);
            },
            Replies.Content(Content));

        fetch.From(server);

        Assert.Null(server.Requests[2].Header("Range"));
        Assert.Contains(fetch.Said, said => said.Reason == "it sends more than the 300000 bytes it announced");
        fetch.AssertWhole();
    }

    [Fact]
    public void Wrong_bytes_are_fetched_once_more_from_the_start()
    {
        using var server = new LocalServer(Replies.Content(Content));
        File.WriteAllBytes(fetch.Part, Bytes(seed: 2, count: 1000));

        fetch.From(server);

        Assert.Equal(["bytes=1000-", null], server.Requests.Select(request => request.Header("Range")));
        fetch.AssertWhole();
    }

    [Fact]
    public void Bytes_that_stay_wrong_are_an_error_with_both_sums_and_are_deleted()
    {
        var other = Bytes(seed: 2, count: 1000);
        using var server = new LocalServer(Replies.Content(other, "\"1\""));

        Assert.Contains($"their MD5 is {Md5(other)}, not {Md5(Content)}", fetch.Failure(server), StringComparison.Ordinal);

        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(fetch.Files);
    }

    [Fact]
    public void Garbage_instead_of_a_reply_is_tried_again()
    {
        using var server = new LocalServer(reply => reply.Body("no http\r\n\r\n"u8), reply => { }, Replies.Content(Content));

        fetch.From(server);

        Assert.Equal(3, server.Requests.Count);
        fetch.AssertWhole();
    }
}
