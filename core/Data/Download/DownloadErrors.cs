using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Download;

/// <summary>What is said of a file that could not be fetched into a folder.</summary>
internal sealed class DownloadErrors(RemoteFile file, string folder)
{
    // the REPL has no options
    private const string Folders = $"{DataFolders.RootVariable} or a recipe's --data";

    /// <summary>The one line for any failure on the way from the server.</summary>
    public string CannotFetch(string reason) =>
        $"Cannot fetch {file.FileName} from {file.Url.AbsoluteUri} ({reason}): download it by hand into {folder}, "
        + $"or name a folder that has it with {Folders}";

    /// <summary>As <see cref="CannotFetch"/>; says that what came is kept, if anything did.</summary>
    public MedTransferException Stopped(string reason, long kept, Exception? inner = null) => new(
        CannotFetch(kept == 0 ? reason : FormattableString.Invariant($"{reason}; the first {kept} bytes are kept, run again to go on")),
        inner!);

    /// <summary>Runs what writes to the folder; errors of input and output become one that the user can act on.</summary>
    public T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, FileErrors.Reason(error), error);
        }
    }

    /// <inheritdoc cref="Writing{T}"/>
    public void Writing(string path, Action write) => Writing(path, () =>
    {
        write();
        return true;
    });

    /// <summary>The disk or the folder does not take the file.</summary>
    public MedTransferException CannotWrite(string path, string reason, Exception? inner = null) => new(
        $"Cannot write {path} ({reason}): free or unlock the place, or download {file.Url.AbsoluteUri} by hand into another folder "
        + $"and name that with {Folders}", inner!);
}
