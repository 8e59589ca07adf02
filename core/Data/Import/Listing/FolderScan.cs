using System.IO.Enumeration;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Import.Listing;

/// <summary>All files below a folder, by name: path below it with slashes, in ordinal order, whatever order the file system has.</summary>
internal sealed class FolderScan
{
    private static readonly HashSet<string> _ofSystems = new(["Thumbs.db", "desktop.ini", "__MACOSX", "@eaDir"], StringComparer.OrdinalIgnoreCase);

    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly Func<string, bool> isCandidate;
    private readonly List<string> images = [], others = [], folders = [], passedOver = [];
    private readonly List<LeftOut> leftOut = [];
    private readonly HashSet<string> visited = new(StringComparer.Ordinal);
    private readonly SortedSet<string> links = new(StringComparer.Ordinal);

    private FolderScan(string folder, Func<string, bool> isCandidate) => (Folder, this.isCandidate) = (folder, isCandidate);

    /// <summary>Full path.</summary>
    public string Folder { get; }

    /// <summary>Files that may be images.</summary>
    public IReadOnlyList<string> Images => images;

    /// <summary>Files that are none by their names.</summary>
    public IReadOnlyList<string> Others => others;

    /// <summary>All folders below it, empty ones too.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>Links that lead nowhere, names that can't be opened.</summary>
    public IReadOnlyList<LeftOut> LeftOut => leftOut;

    /// <summary>Links to folders that are there already, or around all of it.</summary>
    public IReadOnlyList<string> PassedOver => passedOver;

    /// <summary>Where a file or folder of that name lies.</summary>
    public string PathOf(string name) => Path.Join(Folder, name);

    /// <summary>
    /// Looks through the folder. Links are followed, and each folder is seen once, by its own name if that is below the folder; what systems leave
    /// behind, and hidden files, are not.
    /// </summary>
    /// <exception cref="MedTransferException">There is no such folder, or one in it that may not be read.</exception>
    public static FolderScan Of(string folder, Func<string, bool> isCandidate)
    {
        if (File.Exists(folder)) throw new MedTransferException($"{folder}: is a file, a folder is needed: give the folder that it lies in");
        if (!Directory.Exists(folder)) throw new MedTransferException($"{folder}: no such folder: check its path");

        var scan = new FolderScan(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), isCandidate);
        var root = RealPath(scan.Folder);
        scan.Visit("", root);
        // last, so that the order of names does not decide whether a link or the folder itself is seen
        while (scan.links.Min is { } link)
        {
            scan.links.Remove(link);
            var real = RealPath(scan.PathOf(link));
            if (scan.visited.Contains(real) || IsAround(real, root)) scan.passedOver.Add(link);
            else scan.Visit(link, real);
        }
        foreach (var names in new[] { scan.images, scan.others, scan.folders }) names.Sort(StringComparer.Ordinal);
        scan.leftOut.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return scan;
    }

    private void Visit(string top, string real)
    {
        var waiting = new Stack<(string Name, string Real)>([(top, real)]);
        while (waiting.TryPop(out var folder))
        {
            if (!visited.Add(folder.Real)) continue;
            if (folder.Name.Length > 0) folders.Add(folder.Name);
            foreach (var (entry, isFolder, isLink) in Entries(folder.Name))
            {
                if (entry.StartsWith('.') || _ofSystems.Contains(entry)) continue;
                var name = folder.Name.Length == 0 ? entry : $"{folder.Name}/{entry}";
                if (entry.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(PathOf(name))) leftOut.Add(new(name, "its name is not UTF-8: rename it"));
                else if (isFolder && isLink) links.Add(name);
                else if (isFolder) waiting.Push((name, Path.Join(folder.Real, entry)));
                else if (isLink && LeadsNowhere(PathOf(name))) leftOut.Add(new(name, "is a link that leads nowhere: put the file in its place"));
                else (isCandidate(entry) ? images : others).Add(name);
            }
        }
    }

    private List<(string Name, bool IsFolder, bool IsLink)> Entries(string folder)
    {
        var path = PathOf(folder);
        try
        {
            return [.. new FileSystemEnumerable<(string, bool, bool)>(path, Entry, _everything)];
        }
        catch (UnauthorizedAccessException error)
        {
            throw new MedTransferException($"{Shown()}: may not be read: give yourself permission to read it, or move it elsewhere", error);
        }
        catch (IOException error)
        {
            throw new MedTransferException($"{Shown()}: cannot be read ({FileErrors.Reason(error)})", error);
        }

        static (string, bool, bool) Entry(ref FileSystemEntry entry) =>
            (entry.FileName.ToString(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint));

        string Shown() => string.Concat(path.Select(c => char.IsControl(c) ? '?' : c));
    }

    // A link that leads nowhere exists, as the framework sees it.
    private static bool LeadsNowhere(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: true) is { Exists: false };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;    // round in a circle, or through a folder that may not be read
        }
    }

    private static bool IsAround(string outer, string inner) =>
        inner.StartsWith(Path.EndsInDirectorySeparator(outer) ? outer : outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The framework resolves the last part of a path alone.
    private static string RealPath(string path)
    {
        // what systems follow at most; the folder is there, so that they have followed it
        for (var followed = 0; followed < 40; followed++)
        {
            var links = Prefixes(path).Select(prefix => (Length: prefix.Length, Target: new DirectoryInfo(prefix).ResolveLinkTarget(returnFinalTarget: false)));
            var (length, target) = links.FirstOrDefault(link => link.Target is not null);
            if (target is null) return path;
            path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Join(target.FullName, path[length..])));
        }
        return path;

        static IEnumerable<string> Prefixes(string path)
        {
            for (var end = Path.GetPathRoot(path)!.Length; end < path.Length; end++)
            {
                end = path.IndexOf(Path.DirectorySeparatorChar, end);
                if (end < 0) end = path.Length;
                yield return path[..end];
            }
        }
    }
}
