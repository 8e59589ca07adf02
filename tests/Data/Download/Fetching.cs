using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MedTransfer.Data.Download;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data;

/// <summary>A folder, a file to be fetched into it, and what the download said and waited on the way. Waits take no time.</summary>
internal sealed class Fetching : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>300,000 bytes: more than one buffer of the downloader.</summary>
    public static byte[] Content { get; } = Bytes(seed: 1, count: 300_000);

    public List<TimeSpan> Waits { get; } = [];

    public List<DownloadProgress> Said { get; } = [];

    public string Folder => folder.Path;

    public string Path => folder["set.npz"];

    public string Part => folder["set.npz.part"];

    public IEnumerable<string?> Files => folder.Files;

    public DownloadOptions Options => new()
    {
        ConnectLimit = TimeSpan.FromSeconds(5),
        StallLimit = TimeSpan.FromMilliseconds(400),
        Delay = (wait, cancellation) =>
        {
            Waits.Add(wait);
            return Task.CompletedTask;
        },
    };

    public string From(LocalServer server, DownloadOptions? options = null, byte[]? content = null) =>
        new DatasetDownload(options ?? Options).Fetch(Wanted(server.Url, content ?? Content), Folder, Said.Add, TestContext.Current.CancellationToken);

    /// <summary>The one-line error that the fetch ends with.</summary>
    public string Failure(LocalServer server, DownloadOptions? options = null)
    {
        var error = Assert.Throws<MedTransferException>(() => From(server, options));
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(File.Exists(Path));
        return error.Message;
    }

    public void AssertWhole()
    {
        Assert.Equal(Content, File.ReadAllBytes(Path));
        Assert.Equal(["set.npz"], Files);
    }

    public static RemoteFile Wanted(Uri url, byte[] content) => new(url, "set.npz", Md5(content));

    [SuppressMessage("Security", "CA5351", Justification = "the sum that is published")]
    public static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    public static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Dispose() => folder.Dispose();
}
