using System.Diagnostics;

namespace MedTransfer.Data;

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
