namespace MedTransfer.Runtime;

/// <summary>
/// Held by the one process (and the one thread) that makes something; the system lets go of it when the process ends, however it ends.
/// </summary>
/// <remarks>
/// The lock file may be deleted only once what it guards is there. Deleted earlier, it could be held twice: by a process that had opened the old
/// one, and by one that makes a new one. Later, both find that there is nothing left to do. So whoever takes a lock looks first, and a lock whose
/// holder failed or was stopped leaves its file.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly FileStream handle;

    private FileLock(FileStream handle) => this.handle = handle;

    /// <summary>Waits until nobody else holds the lock.</summary>
    /// <param name="path">Made where there is none.</param>
    /// <param name="refused">What to say where the file can't be made.</param>
    /// <param name="waiting">Called once if there is another holder.</param>
    public static async Task<FileLock> Take(
        string path, Func<Exception, MedTransferException> refused, Action? waiting = null, CancellationToken cancellation = default)
    {
        for (var said = false; ; said = true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (TryTake(path) is { } taken) return taken;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw refused(error);
            }

            if (!said) waiting?.Invoke();
            await Task.Delay(Poll, cancellation);
        }
    }

    /// <summary>The lock; null where another holds it.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException error) when (IsHeld(error))
        {
            return null;
        }
    }

    /// <summary>Lets go and deletes the lock file; only once what it guards is there.</summary>
    public void Remove()
    {
        handle.Dispose();
        Delete(handle.Name);
    }

    /// <summary>Deletes a lock file that was left beside what it guarded; only once that is there.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process holds it for the moment it takes to see that all is there; it deletes it then.
        }
    }

    /// <summary>Lets go; the file stays.</summary>
    public void Dispose() => handle.Dispose();

    /// <summary>The framework has no type for it, only the system's number: EWOULDBLOCK, or a sharing violation on Windows.</summary>
    private static bool IsHeld(IOException error) =>
        error.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35);
}
