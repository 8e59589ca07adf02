using System.Diagnostics;

namespace MedTransfer.Data.Download;

/// <summary>How far a download is.</summary>
/// <param name="Bytes">Bytes on the disk, those of earlier tries among them.</param>
/// <param name="Of">Size of the whole file in bytes; null while the server has not said.</param>
/// <param name="BytesPerSecond">Mean speed of this try; null while nothing has arrived.</param>
/// <param name="Reason">Why the last try failed, when retrying; null otherwise.</param>
/// <param name="Wait">Time until the next try, when retrying; null otherwise.</param>
public sealed record DownloadProgress(
    DownloadStage Stage, RemoteFile File, string Folder, long Bytes, long? Of, double? BytesPerSecond, string? Reason, TimeSpan? Wait)
{
    /// <summary>Time to the end at this speed; null where size or speed is not known.</summary>
    public TimeSpan? Left => Of is { } total && BytesPerSecond is > 0 and var speed ? TimeSpan.FromSeconds((total - Bytes) / speed) : null;
}

/// <summary>What a download is doing.</summary>
public enum DownloadStage
{
    /// <summary>Another process fetches the same file; its end is awaited.</summary>
    WaitingForOther,

    /// <summary>About to connect; said once, before anything is sent.</summary>
    Starting,

    /// <summary>Bytes arrive.</summary>
    Receiving,

    /// <summary>A try failed, another follows.</summary>
    Retrying,

    /// <summary>All bytes are here; their MD5 is computed.</summary>
    Checking,

    /// <summary>The file has its name.</summary>
    Done,
}

/// <summary>Says what a download does, but not more often than anyone reads.</summary>
internal sealed class DownloadReport(RemoteFile file, string folder, Action<DownloadProgress>? progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch sinceTry = new();
    private TimeSpan last;
    private long before, bytes;
    private long? total;

    public void Say(DownloadStage stage, string? reason = null, TimeSpan? wait = null) =>
        progress?.Invoke(new(stage, file, folder, bytes, total, Speed, reason, wait));

    /// <summary>A try begins with so many bytes already here.</summary>
    public void BeginTry(long here)
    {
        before = bytes = here;
        last = TimeSpan.Zero;
        sinceTry.Restart();
    }

    /// <summary>So many bytes are here now. The first and the last piece are always said.</summary>
    public void Received(long here, long? of)
    {
        // The server may have begun again, from its first byte.
        if (here < bytes) before = 0;
        bytes = here;
        total = of;
        if (last > TimeSpan.Zero && here != of && sinceTry.Elapsed - last < Interval) return;
        last = sinceTry.Elapsed;
        Say(DownloadStage.Receiving);
    }

    private double? Speed => bytes > before && sinceTry.Elapsed > TimeSpan.Zero ? (bytes - before) / sinceTry.Elapsed.TotalSeconds : null;
}
