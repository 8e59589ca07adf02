using System.Text;

namespace MedTransfer.Runtime;

/// <summary>
/// Files that appear whole or not at all: written under another name in the same folder, flushed to the disk, then renamed.
/// A failure leaves the file that was there, and nothing beside it; only a killed process leaves a <c>.part</c> file behind.
/// </summary>
public static class WholeFile
{
    /// <summary>UTF-8 without a byte order mark; a lone surrogate is an error instead of a silent question mark.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Replaces the file with what <paramref name="content"/> writes to the stream it is given, which it may close.
    /// Any exception it throws passes through, but for errors of input and output, which become a <see cref="MedTransferException"/>.
    /// </summary>
    /// <param name="path">A file in a folder that exists.</param>
    public static void Write(string path, Action<Stream> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(content);

        var full = Path.GetFullPath(path);
        // A random name: two processes that write the same file must not write into each other's half.
        var aside = $"{full}.{Path.GetRandomFileName()}.part";
        try
        {
            if (Directory.Exists(full))
                throw new IOException("a folder is in its place");

            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
                content(stream);

            // Without this a power cut could keep the rename and lose the bytes.
            using (var handle = File.OpenHandle(aside, FileMode.Open, FileAccess.Write))
                RandomAccess.FlushToDisk(handle);

            File.Move(aside, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"Cannot write {path}: {Reason(e, aside, path)}", e);
        }
        finally
        {
            DeleteIfThere(aside);
        }
    }

    /// <summary>Replaces the file with <paramref name="text"/> in UTF-8 without a byte order mark; line ends stay as they are.</summary>
    public static void WriteText(string path, string text)
    {
        var bytes = Utf8.GetBytes(text);
        Write(path, stream => stream.Write(bytes));
    }

    private static string Reason(Exception e, string aside, string path) => e switch
    {
        DirectoryNotFoundException => "its folder does not exist; create it or name another",
        // A folder that takes no new files, procfs for one, says "not found" of a file that was to be made.
        UnauthorizedAccessException or FileNotFoundException =>
            "no permission to make files in its folder; change its permissions or name another",
        _ => $"{e.Message.Replace(aside, path, StringComparison.Ordinal).TrimEnd('.')}; free the place or name another",
    };

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here says more than this one would.
        }
    }
}
