using MedTransfer.Data.Formats;
using MedTransfer.Runtime.Claims;

namespace MedTransfer.Data.Download;

/// <summary>
/// Fetches files that are not there: said before the first byte is asked for, resumed where an earlier try stopped, checked before they
/// get their names, and once, however many processes ask at the same time.
/// </summary>
/// <param name="handler">Stands for the network; null for the network itself.</param>
public sealed class DatasetDownload(DownloadOptions options, HttpMessageHandler? handler = null)
{
    /// <summary>As <see cref="TryFetch"/>, but a server out of reach is an error like any other.</summary>
    /// <returns>Full path of the file.</returns>
    public string Fetch(
        RemoteFile file, string folder, Action<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var result = TryFetch(file, folder, progress, cancellation);
        return result.Path ?? throw new MedTransferException(result.Unreachable!);
    }

    /// <summary>
    /// Gets a file into a folder, which is made if need be. A file that is there already stays as it is and is not looked into; one that
    /// is fetched has the right MD5.
    /// </summary>
    /// <param name="progress">Told what happens, on another thread than the caller's, one call at a time.</param>
    /// <exception cref="MedTransferException">The server was reached and the file could not be had, or the folder does not take it.</exception>
    /// <exception cref="OperationCanceledException">Stopped by the token; what came is kept for the next time.</exception>
    public DownloadResult TryFetch(
        RemoteFile file, string folder, Action<DownloadProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(file, Path.GetFullPath(folder), progress, cancellation), CancellationToken.None).GetAwaiter().GetResult();

    private async Task<DownloadResult> Run(
        RemoteFile file, string folder, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, file.FileName);
        if (Path.Exists(path)) return new(path, null);

        var errors = new DownloadErrors(file, folder);
        var report = new DownloadReport(file, folder, progress);
        errors.Writing(folder, () => Directory.CreateDirectory(folder));
        using var held = FolderClaim.Take(
            path + ".claims",
            error => errors.CannotWrite(path + ".claims", FileErrors.Reason(error), error),
            cancellation,
            () => report.Say(DownloadStage.WaitingForOther),
            leavesNothing: true);
        if (Path.Exists(path)) return new(path, null);
        using var part = new PartialFile(path, errors);
        using var client = Client(file.Url);
        var tries = new DownloadTries(client, file, part, options, errors, report);
        return await tries.Run(cancellation) is { } unreachable ? new(null, errors.CannotFetch(unreachable)) : new(path, null);
    }

    private HttpClient Client(Uri url) => new(handler ?? Network(url), disposeHandler: handler is null)
    {
        // The limits are on connecting and on silence, not on the whole.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private SocketsHttpHandler Network(Uri url) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !url.IsLoopback,
        ConnectTimeout = options.ConnectLimit,
    };
}

/// <summary>A file that is there, or why its server could not be reached; one of the two is null.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Unreachable">One line: no name, no connection, no encryption, and what to do about it.</param>
public sealed record DownloadResult(string? Path, string? Unreachable);
