using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Catalogue;

/// <summary>
/// Finds files by their digests, whatever their names are now: where a file was, else under its name in the folders, else among all files of
/// its kind there. Each file is read for its digest once.
/// </summary>
/// <param name="folders">Where files are looked for, first to last, but not in the folders below them.</param>
/// <param name="extension">How the names of such files end, <c>.npz</c>.</param>
/// <param name="identify">Reads a file for its digest.</param>
/// <param name="digestOf">The digest that was read.</param>
public sealed class DigestSearch<T>(DataFolders folders, string extension, Func<string, T> identify, Func<T, string> digestOf)
    where T : class
{
    private readonly Dictionary<string, T?> known = [];

    /// <summary>Told, in a sentence, what takes its time: files of more than <see cref="QuietBytes"/> that are read for their digests.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>So many bytes are read without a word; default 300 MB, about a second's.</summary>
    public long QuietBytes { get; init; } = 300_000_000;

    /// <summary>The file that had this digest when it was at that path.</summary>
    /// <param name="path">Where it was, on whatever machine.</param>
    /// <returns>Null where no file has it, of those that can be read.</returns>
    public T? Find(string path, string digest) =>
        Is(digest, path) ?? Elsewhere(path).Select(file => Is(digest, file)).FirstOrDefault(found => found is not null);

    private T? Is(string digest, string path) => Identified(Path.GetFullPath(path)) is { } file && digestOf(file) == digest ? file : null;

    private T? Identified(string path)
    {
        if (known.TryGetValue(path, out var before))
            return before;
        try
        {
            return known[path] = identify(path);
        }
        catch (MedTransferException)
        {
            return known[path] = null;   // not there, empty, or nobody's to read: not the file that is looked for
        }
    }

    // of the same name first
    private List<string> Elsewhere(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        List<string> files =
        [
            .. folders.Paths.Where(Directory.Exists).SelectMany(folder => FileErrors.Reading(folder, () => Directory.GetFiles(folder, $"*{extension}")).Order(StringComparer.Ordinal))
                .OrderByDescending(file => Path.GetFileName(file) == name),
        ];
        var bytes = files.Where(file => !known.ContainsKey(file)).Sum(file => new FileInfo(file).Length);
        if (bytes > QuietBytes)
            Notice?.Invoke(FormattableString.Invariant($"Looking for {name}, which is not at {path}, by its digest among {files.Count} files of {bytes / 1e6:F0} MB in {OneLine.List(folders.Paths)}."));
        return files;
    }
}
