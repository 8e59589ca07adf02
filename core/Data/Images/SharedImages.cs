using MedTransfer.Data.Formats;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Claims;

namespace MedTransfer.Data.Images;

/// <summary>
/// Images that are unpacked once, and are one copy in memory, for all processes that work below one folder. They lie there as files that
/// every process maps: page cache, which the system takes back when it needs memory.
/// <para>
/// A file is named after the digest of the set it came from, is checked by length and checksum each time it is mapped, and outlives the
/// run, so that the next finds it. The folder has a limit: files that nobody uses make room, those that were used longest ago first, and
/// that is said. What a process that was killed left half written the next one goes on from; it is deleted a day later, with the next file
/// that is written.
/// </para>
/// <para>
/// A large set has a file in any case, and no process has its images in memory of its own; where that can't be, it is an error. A small set
/// has one where several processes need it, and where its file can't be written or mapped, each has images of its own.
/// </para>
/// </summary>
/// <param name="Folder">Holds files of this class alone; made when the first is written.</param>
public sealed record SharedImages(string Folder)
{
    /// <summary>What the folder is called among those of trials.</summary>
    public const string FolderName = "images";

    /// <summary>Most bytes of all files together, but for a large set that takes more by itself; default 16 GiB.</summary>
    public long Limit { get; init; } = 16L << 30;

    /// <summary>Bytes of pixels from which on a set is large; default 1 GiB.</summary>
    public long Large { get; init; } = 1L << 30;

    /// <summary>Whether a small set that has no file gets one; default yes. One process of a run is enough.</summary>
    public bool Writes { get; init; } = true;

    /// <summary>Told, in a sentence, of files that are deleted, and of images that can't be shared; null, the default, for silence.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Told how far the unpacking of a large set is; null, the default, for silence.</summary>
    public Action<UnpackingProgress>? Progress { get; init; }

    /// <summary>Ends an unpacking; what is written stays, to go on from.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The images of a set: its file's, or unpacked and written into one.</summary>
    /// <returns>A source a split, which the caller disposes of.</returns>
    /// <exception cref="MedTransferException">The images can't be unpacked, or they are many and have no room.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Cancellation"/> was asked for.</exception>
    internal IReadOnlyList<IImageSource> Of(PackedImages set)
    {
        var path = Path.Combine(Folder, $"{set.Digest}.npy");
        if (Mapped(set, path) is { } known)
            return known;
        if (set.Bytes >= Large)
            return OfLarge(set, path);
        return Writes ? OfSmall(set, path) : set.Sources(shared: null);
    }

    private IReadOnlyList<IImageSource> OfLarge(PackedImages set, string path)
    {
        if (WhyNoRoom(set, path) is { } reason)
            throw new MedTransferException($"{set.Name}: its images, too many to be held in memory, can't be unpacked into a file: {reason}; make room there, or name another folder with --out");
        Write(set, path, Progress);
        return Mapped(set, path) ?? throw new MedTransferException($"{set.Name}: {path}, which holds its images, can't be mapped into memory; name another folder with --out");
    }

    private IReadOnlyList<IImageSource> OfSmall(PackedImages set, string path)
    {
        string? reason;
        try
        {
            reason = WhyNoRoom(set, path);
            if (reason is null)
            {
                Write(set, path, progress: null);
                if (Mapped(set, path) is { } shared)
                    return shared;
                reason = $"{path} can't be mapped into memory";
            }
        }
        catch (MedTransferException error)
        {
            reason = error.Message.TrimEnd('.');
        }
        var own = set.Sources(shared: null);   // says what is wrong where it is the set itself
        Tell?.Invoke($"The images of {set.Name} are not shared, so that each process has its own: {reason}.");
        return own;
    }

    private static IReadOnlyList<IImageSource>? Mapped(PackedImages set, string path)
    {
        using var file = FileInUse.TryOpen(path);
        if (file is null)
            return null;
        using var all = MappedImages.TryMap(path, set.Shape);
        if (all is null)
            return null;
        LimitedFolder.Touch(path);
        var start = 0L;
        return [.. set.Counts.Select(count => new ImagesInMemory(all.slice(0, start, start += count, 1).DetachFromDisposeScope(), file.Share()))];
    }

    // a clause; null where there is room, which older files may have made
    private string? WhyNoRoom(PackedImages set, string path)
    {
        var bytes = MappedImages.FileBytes(set.Shape);
        var files = new LimitedFolder(Folder, set.Bytes >= Large ? Math.Max(Limit, bytes) : Limit);
        if (files.NoRoomFor(bytes, ContinuedFile.Left(path)) is { } reason)
            return reason;
        foreach (var (deleted, used, length) in files.TrimTo(files.Limit - bytes))
            Tell?.Invoke(FormattableString.Invariant($"Deleted {deleted} ({LimitedFolder.Megabytes(length)}, used last on {used:yyyy-MM-dd}): {LimitedFolder.Megabytes(Limit)} of unpacked images are kept at most."));
        return null;
    }

    // one process at a time, which the others wait for
    private void Write(PackedImages set, string path, Action<UnpackingProgress>? progress)
    {
        var report = new UnpackingReport(set.Name, path, MappedImages.FileBytes(set.Shape), progress);
        using var alone = FolderClaim.Take(
            Path.Combine(Folder, "claims", set.Digest),
            error => new MedTransferException($"{Folder} can't be written to ({FileErrors.Reason(error)})", error),
            Cancellation,
            () => report.Say(UnpackingStage.WaitingForOther),
            leavesNothing: true);
        if (IsThere(set, path))
            return;
        report.Say(UnpackingStage.Starting);
        MappedImages.Write(path, set, report.Reached, Cancellation);
        report.Say(UnpackingStage.Done, MappedImages.FileBytes(set.Shape));
    }

    private static bool IsThere(PackedImages set, string path)
    {
        using var all = MappedImages.TryMap(path, set.Shape);
        return all is not null;
    }
}
