namespace MedTransfer.Runtime;

/// <summary>
/// Says to every process that a file is in use, until all who share this are done or their process ends: whoever makes room asks before he
/// deletes. Where the system has no locks for files it says nothing, and the file counts as unused.
/// </summary>
internal sealed class FileInUse : IDisposable
{
    private readonly Handle handle;
    private bool isDone;

    private FileInUse(Handle handle) => this.handle = handle;

    /// <summary>Null where there is no such file, or it can't be read.</summary>
    public static FileInUse? TryOpen(string path)
    {
        try
        {
            return new(new(new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether anyone, this process among them, has the file in use.</summary>
    public static bool IsUsed(string path)
    {
        try
        {
            using var alone = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is not FileNotFoundException;
        }
    }

    /// <summary>The same for another owner; the file is in use until both are done.</summary>
    public FileInUse Share()
    {
        Interlocked.Increment(ref handle.Owners);
        return new(handle);
    }

    /// <summary>Not in use by this owner any more.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref isDone, true) && Interlocked.Decrement(ref handle.Owners) == 0)
            handle.File.Dispose();
    }

    private sealed class Handle(FileStream file)
    {
        public int Owners = 1;

        public FileStream File { get; } = file;
    }
}
