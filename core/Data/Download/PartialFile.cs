using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using MedTransfer.Runtime;

namespace MedTransfer.Data.Download;

/// <summary>
/// The beginning of a file, <c>NAME.part</c> beside its place, and in <c>NAME.part.etag</c> the server's mark of the version it
/// begins. It outlives the process, so that a later one goes on where this one stopped.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string target, tagPath;
    private readonly DownloadErrors errors;
    private readonly FileStream stream;

    public PartialFile(string target, DownloadErrors errors)
    {
        this.target = target;
        this.errors = errors;
        Path = target + ".part";
        tagPath = Path + ".etag";
        stream = errors.Writing(Path, () => new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        Tag = Length > 0 && File.Exists(tagPath) ? Strong(errors.Writing(tagPath, () => File.ReadAllText(tagPath))) : null;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Bytes here.</summary>
    public long Length => stream.Length;

    /// <summary>The version's strong entity tag; null where the server gave none.</summary>
    public EntityTagHeaderValue? Tag { get; private set; }

    /// <summary>Empties the file, which from now on begins a version with this tag.</summary>
    public void StartOver(EntityTagHeaderValue? tag = null)
    {
        errors.Writing(Path, () =>
        {
            if (Length > 0) stream.SetLength(0);
            File.Delete(tagPath);
        });
        Tag = Strong(tag?.ToString());
        if (Tag is not null) WholeFile.WriteText(tagPath, Tag.ToString());
    }

    /// <summary>Looks whether the disk has room for the rest, before hours are spent on a file that does not fit.</summary>
    /// <param name="total">Size of the whole file in bytes.</param>
    public void RequireRoom(long total)
    {
        var missing = total - Length;
        if (FreeSpace.Available(System.IO.Path.GetDirectoryName(Path)!) is { } free && free < missing)
        {
            throw errors.CannotWrite(Path, FormattableString.Invariant(
                $"{missing / 1e6:F1} MB are missing, {free / 1e6:F1} MB are free on the disk"));
        }
    }

    /// <summary>Adds the bytes that follow.</summary>
    public void Append(ReadOnlyMemory<byte> bytes) => errors.Writing(Path, () =>
    {
        stream.Seek(0, SeekOrigin.End);
        stream.Write(bytes.Span);
    });

    /// <summary>Digest of all that is here, 32 lower-case hexadecimal digits.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "MedMNIST publishes MD5 sums, and they are all there is to compare with")]
    public string Md5() => errors.Writing(Path, () =>
    {
        stream.Seek(0, SeekOrigin.Begin);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    });

    /// <summary>Gives the file its name; one that was put there meanwhile stays.</summary>
    public void Finish() => errors.Writing(target, () =>
    {
        // Without this a power cut could keep the rename and lose the bytes.
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        if (File.Exists(target)) File.Delete(Path);
        else File.Move(Path, target);
        File.Delete(tagPath);
    });

    /// <summary>Closes the file and keeps it, unless there is nothing in it.</summary>
    public void Dispose()
    {
        if (!stream.CanWrite) return;
        var isEmpty = Length == 0;
        stream.Dispose();
        if (!isEmpty) return;
        try
        {
            File.Delete(Path);
            File.Delete(tagPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here says more than this one would.
        }
    }

    /// <summary>A weak tag ("W/...") stands for bytes that may differ: what follows might not fit what is here.</summary>
    private static EntityTagHeaderValue? Strong(string? text) =>
        EntityTagHeaderValue.TryParse(text, out var tag) && !tag.IsWeak ? tag : null;
}
