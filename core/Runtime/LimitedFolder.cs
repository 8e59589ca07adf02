namespace MedTransfer.Runtime;

/// <summary>
/// A folder of files that can be made again, which together keep to a limit and leave a disk some room. Any number of processes may use it,
/// and anybody may delete it: a file that is gone is no error.
/// </summary>
/// <param name="Path">Holds such files alone; made when the first is written.</param>
/// <param name="Limit">Bytes that they may take together, 0 or more.</param>
public sealed record LimitedFolder(string Path, long Limit)
{
    // what else a disk is needed for, trials' artefacts above all
    private const long LeftFree = 1L << 30;

    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Says that a file was used now.</summary>
    public static void Touch(string path) => Try(() => File.SetLastWriteTimeUtc(path, DateTime.UtcNow));

    /// <summary>Why a file of so many bytes can't be written, a clause; null where it can.</summary>
    /// <param name="here">Of which so many are on the disk already.</param>
    public string? NoRoomFor(long bytes, long here = 0)
    {
        if (bytes > Limit)
            return $"they take {Megabytes(bytes)}, and {Path} may hold {Megabytes(Limit)}";
        return FreeSpace.Available(Path) is { } free && free < bytes - here + LeftFree
            ? $"they take {Megabytes(bytes)}, and {Path} has {Megabytes(free)} left on its disk, {Megabytes(LeftFree)} of them for results"
            : null;
    }

    /// <summary>Bytes of all files.</summary>
    public long Bytes() => Files().Sum(file => file.Bytes);

    /// <summary>Deletes what was left half written a day ago, then files that were used longest ago, but for those in use, until the others take no more than that.</summary>
    /// <returns>The files that made room, in the order in which they went.</returns>
    public IReadOnlyList<LimitedFile> TrimTo(long bytes)
    {
        var files = Files();
        foreach (var part in files.Where(file => file.IsPart && DateTime.UtcNow - file.Used > Abandoned).ToList())
        {
            if (!FileInUse.IsUsed(part.Path) && Try(() => File.Delete(part.Path)))
                files.Remove(part);
        }

        var excess = files.Sum(file => file.Bytes) - bytes;
        var removed = new List<LimitedFile>();
        foreach (var file in files.Where(file => !file.IsPart).OrderBy(file => file.Used).ThenBy(file => file.Path, StringComparer.Ordinal))
        {
            if (excess <= 0)
                break;
            if (FileInUse.IsUsed(file.Path) || !Try(() => File.Delete(file.Path)))
                continue;
            excess -= file.Bytes;
            removed.Add(file);
        }

        return removed;
    }

    /// <summary>Bytes as messages say them.</summary>
    public static string Megabytes(long bytes) => bytes is > 0 and < 1 << 20 ? "less than 1 MiB" : FormattableString.Invariant($"{bytes >> 20:N0} MiB");

    private List<LimitedFile> Files()
    {
        var files = new List<LimitedFile>();
        Try(() =>
        {
            foreach (var file in new DirectoryInfo(Path).EnumerateFiles())
                Try(() => files.Add(new(file.FullName, file.LastWriteTimeUtc, file.Length)));
        });
        return files;
    }

    // another process was quicker, or it is another user's
    private static bool Try(Action change)
    {
        try
        {
            change();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>A file of such a folder.</summary>
/// <param name="Used">When it was used last.</param>
public sealed record LimitedFile(string Path, DateTime Used, long Bytes)
{
    /// <summary>Whether it is not yet whole.</summary>
    public bool IsPart => Path.EndsWith(".part", StringComparison.Ordinal);
}
