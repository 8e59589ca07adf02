using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MedTransfer.Data.Download;
using static MedTransfer.Tests.Data.Fetching;

namespace MedTransfer.Tests.Data;

/// <summary>Servers out of reach, which callers may do without, and addresses that are not followed.</summary>
public sealed class DownloadReachTests : IDisposable
{
    private readonly Fetching fetch = new();

    public void Dispose() => fetch.Dispose();

    [Fact]
    public void Refused_connection_is_tried_twice_and_told_apart()
    {
        var result = TryFetch(new($"http://127.0.0.1:{UnusedPort()}/set.npz"));

        Assert.Null(result.Path);
        Assert.Contains("Connection refused", result.Unreachable, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("download it by hand into", result.Unreachable, StringComparison.Ordinal);
        Assert.Equal([0.5], fetch.Waits.Select(wait => wait.TotalSeconds));
        Assert.Empty(fetch.Files);
    }

    [Fact]
    public void Fetch_from_a_server_out_of_reach_is_an_error()
    {
        var file = Wanted(new($"http://127.0.0.1:{UnusedPort()}/set.npz"), Content);

        var error = Assert.Throws<MedTransferException>(() =>
            new DatasetDownload(fetch.Options).Fetch(file, fetch.Folder, null, TestContext.Current.CancellationToken));

        Assert.StartsWith("Cannot fetch set.npz from http://127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.ProxyTunnelError)]
    public void Name_or_proxy_that_fails_is_a_server_out_of_reach(HttpRequestError failure)
    {
        using var network = new FakeNetwork(_ => throw new HttpRequestException(failure, "Name or service not known (example.org:443)"));

        var result = TryFetch(new("https://example.org/set.npz"), network);

        Assert.Contains("Name or service not known", result.Unreachable, StringComparison.Ordinal);
        Assert.Equal(2, network.Requests);
    }

    [Fact]
    public void Connection_that_does_not_come_about_costs_its_limit_once()
    {
        // Accepts connections and never says a word: encryption cannot begin.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = fetch.Options with { ConnectLimit = TimeSpan.FromMilliseconds(300), StallLimit = TimeSpan.FromSeconds(20) };
        var clock = Stopwatch.StartNew();

        var result = TryFetch(new($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/set.npz"), options: options);

        Assert.Contains("no connection within the time limit", result.Unreachable, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.25, 10);
        Assert.Empty(fetch.Waits);
    }

    [Fact]
    public void Server_without_encryption_is_out_of_reach()
    {
        using var server = new LocalServer(reply => { });

        Assert.NotNull(TryFetch(new UriBuilder(server.Url) { Scheme = "https" }.Uri).Unreachable);
    }

    [Fact]
    public void Server_lost_midway_is_an_error_not_a_missing_network()
    {
        using var network = new FakeNetwork(attempt => attempt == 1
            ? new(HttpStatusCode.InternalServerError)
            : throw new HttpRequestException(HttpRequestError.ConnectionError, "Network is unreachable"));

        var error = Assert.Throws<MedTransferException>(() => TryFetch(new("https://example.org/set.npz"), network));

        Assert.Contains("Network is unreachable, after 4 tries", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, network.Requests);
    }

    [Fact]
    public void Redirect_is_followed_and_keeps_the_range()
    {
        using var target = new LocalServer(Replies.Content(Content));
        using var server = new LocalServer(Replies.RedirectTo(target.Url.AbsoluteUri));
        File.WriteAllBytes(fetch.Part, Content[..200_000]);

        fetch.From(server);

        Assert.Equal(200_000, Assert.Single(target.Requests).From);
        fetch.AssertWhole();
    }

    [Fact]
    public void Redirects_without_end_are_refused()
    {
        using var server = new LocalServer(Replies.RedirectTo("/again"));

        Assert.Contains("redirects more than 5 times", fetch.Failure(server), StringComparison.Ordinal);

        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData("http://example.org/set.npz")]
    [InlineData("http://127.0.0.1/set.npz")]
    [InlineData("file:///etc/passwd")]
    public void Redirect_away_from_https_is_refused(string location)
    {
        using var network = new FakeNetwork(_ => new(HttpStatusCode.Found) { Headers = { Location = new(location) } });

        var error = Assert.Throws<MedTransferException>(() => TryFetch(new("https://example.org/set.npz"), network));

        Assert.Contains("which is not https", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, network.Requests);
    }

    [Fact]
    public void Address_of_another_machine_must_be_https()
    {
        using var network = new FakeNetwork(_ => new(HttpStatusCode.OK));

        var error = Assert.Throws<MedTransferException>(() => TryFetch(new("http://example.org/set.npz"), network));

        Assert.Contains("the address is not https", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, network.Requests);
    }

    private DownloadResult TryFetch(Uri url, HttpMessageHandler? network = null, DownloadOptions? options = null) =>
        new DatasetDownload(options ?? fetch.Options, network).TryFetch(
            Wanted(url, Content), fetch.Folder, fetch.Said.Add, TestContext.Current.CancellationToken);

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Answers without a network.</summary>
    /// <param name="answer">Given the number of the request, 1 for the first.</param>
    private sealed class FakeNetwork(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.Run(() => answer(++Requests), cancellationToken);
    }
}
