namespace MedTransfer.Data.Formats;

/// <summary>Turns what the framework throws about a file into an error the user can act on.</summary>
internal static class FileErrors
{
    /// <summary>
    /// Runs <paramref name="read"/>; whatever a damaged or unreadable file makes it throw becomes a <see cref="MedTransferException"/>.
    /// </summary>
    /// <param name="where">File, and key where there is one.</param>
    public static T Reading<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is EndOfStreamException)
        {
            throw new MedTransferException($"{where}: ends early, the file is truncated: copy or download it again", error);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new MedTransferException($"{where}: cannot be unpacked ({Reason(error)}): copy or download it again", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{where}: cannot be read ({Reason(error)})", error);
        }
    }

    /// <summary>Opens an existing, non-empty file for reading.</summary>
    public static FileStream Open(string path) => Reading(path, () =>
    {
        if (Directory.Exists(path)) throw new MedTransferException($"{path}: is a folder, a file is needed");
        var file = new FileInfo(path);
        if (!file.Exists) throw new MedTransferException($"{path}: no such file");
        // Pipes and devices have no length either: opening one could wait for ever.
        if (file.Length == 0) throw new MedTransferException($"{path}: is empty: copy or download it again");
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
    });

    /// <summary>The framework's message on one line, without its full stop.</summary>
    public static string Reason(Exception error) => error.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
