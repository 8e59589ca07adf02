namespace MedTransfer.Data;

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
