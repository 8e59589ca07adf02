namespace MedTransfer.Runtime;

/// <summary>
/// A large file that appears whole or not at all, and of which a process that was killed leaves the beginning, <c>NAME.part</c> beside its place:
/// the next one compares what is there with what it would write, and writes the rest. So nothing hangs on who left it, or on what the disk kept of it.
/// </summary>
internal sealed class ContinuedFile : IDisposable
{
    private readonly string path, part;
    private readonly FileStream stream;
    private readonly byte[] there = new byte[1 << 20];
    private long beginning;

    /// <summary>Goes on with a file, or begins it, in a folder that exists; no other process can meanwhile.</summary>
    /// <exception cref="MedTransferException">It can't be written.</exception>
    public ContinuedFile(string path)
    {
        (this.path, part) = (path, PartOf(path));
        stream = Writing(() => new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        beginning = stream.Length;
    }

    /// <summary>Bytes that are there and as they should be.</summary>
    public long Position => stream.Position;

    /// <summary>Bytes of the beginning of a file that is not whole yet, as far as they may be of use; 0 where there is none.</summary>
    public static long Left(string path) => new FileInfo(PartOf(path)) is { Exists: true } left ? left.Length : 0;

    /// <summary>The bytes that follow.</summary>
    /// <exception cref="MedTransferException">They can't be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0 && stream.Position < beginning)
            {
                var start = stream.Position;
                var read = stream.Read(there, 0, (int)Math.Min(Math.Min(there.Length, bytes.Length), beginning - start));
                var same = bytes.CommonPrefixLength(there.AsSpan(0, read));
                bytes = bytes[same..];
                if (same == read) continue;
                stream.Position = start + same;
                CutHere();
            }
            stream.Write(bytes);
        }
        catch (Exception error) when (IsOfFile(error))
        {
            throw Refused(error);
        }
    }

    /// <summary>Ends the file here, sees to it that the disk has it, and gives it its name, in place of one that was there.</summary>
    /// <exception cref="MedTransferException">It can't be written.</exception>
    public void Finish() => Writing(() =>
    {
        CutHere();
        stream.Flush(flushToDisk: true);   // without this a power cut could keep the name and lose the bytes
        stream.Dispose();
        File.Move(part, path, overwrite: true);
        return true;
    });

    /// <summary>Deletes what there is of a file that can't be finished.</summary>
    public void Remove()
    {
        stream.Dispose();
        try
        {
            File.Delete(part);
        }
        catch (Exception error) when (IsOfFile(error))
        {
            // the error that brought us here says more than this one would
        }
    }

    /// <summary>Closes the file; what is not finished stays, to go on from.</summary>
    public void Dispose() => stream.Dispose();

    private static string PartOf(string path) => path + ".part";

    private void CutHere()
    {
        beginning = stream.Position;
        if (stream.Length > beginning) stream.SetLength(beginning);
    }

    private T Writing<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (IsOfFile(error))
        {
            throw Refused(error);
        }
    }

    private static bool IsOfFile(Exception error) => error is IOException or UnauthorizedAccessException;

    private MedTransferException Refused(Exception error) =>
        new($"Cannot write {path}: {error.Message.ReplaceLineEndings(" ").Replace(part, path, StringComparison.Ordinal).TrimEnd('.', ' ')}; free the place or name another", error);
}
