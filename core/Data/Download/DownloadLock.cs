namespace MedTransfer.Data;

/// <summary>
/// Held by the one process that fetches a file; the system lets go of it when the process ends, however it ends.
/// </summary>
/// <remarks>
/// The lock file may be deleted only once the fetched file has its name. Deleted earlier, it could be held twice: by a process that
/// had opened the old one, and by one that makes a new one. Later, both find the fetched file there and do nothing.
/// </remarks>
internal sealed class DownloadLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly FileStream handle;

    private DownloadLock(FileStream handle) => this.handle = handle;

    /// <summary>Waits until no other process holds the lock.</summary>
    /// <param name="waiting">Called once if there is another.</param>
    public static async Task<DownloadLock> Take(string path, DownloadErrors errors, Action waiting, CancellationToken cancellation)
    {
        for (var said = false; ; said = true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (errors.Writing(path, () => TryOpen(path)) is { } handle) return new(handle);
            if (!said) waiting();
            await Task.Delay(Poll, cancellation);
        }
    }

    /// <summary>Lets go and deletes the lock file; only once the fetched file has its name.</summary>
    public void Remove()
    {
        handle.Dispose();
        try
        {
            File.Delete(handle.Name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process holds it for the moment it takes to see that the file is there; it deletes it then.
        }
    }

    public void Dispose() => handle.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (IsHeld(error))
        {
            return null;
        }
    }

    /// <summary>The framework has no type for it, only the system's number: EWOULDBLOCK, or a sharing violation on Windows.</summary>
    private static bool IsHeld(IOException error) =>
        error.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35);
}
