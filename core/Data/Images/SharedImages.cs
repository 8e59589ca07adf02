using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>
/// Images that are unpacked once, and are one copy in memory, for all processes that work below one folder. They lie there as files that
/// every process maps: page cache, which the system takes back when it needs memory.
/// <para>
/// A file is named after the digest of the set it came from, is checked by length and checksum each time it is mapped, and outlives the
/// run, so that the next finds it: a process that is killed leaves what the next one uses. The folder has a limit: files that were used
/// longest ago are deleted first, and that is said. Processes that have mapped a deleted file keep it; on Windows it stays while they do.
/// What was left half written is deleted a day later, with the next file that is written.
/// </para>
/// <para>Where a file can't be written or mapped, a process has images of its own, as it would without this.</para>
/// </summary>
/// <param name="Folder">Holds files of this class alone; made when the first is written.</param>
public sealed record SharedImages(string Folder)
{
    /// <summary>Most bytes of all files together; default 16 GiB.</summary>
    public long Limit { get; init; } = 16L << 30;

    /// <summary>Whether a set that has no file gets one; default yes. One process of a run is enough.</summary>
    public bool Writes { get; init; } = true;

    /// <summary>Told, in a sentence, of files that are deleted, and of images that can't be shared; null, the default, for silence.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>The images of a set: its file's, or unpacked and written into one.</summary>
    /// <param name="name">What messages call the set.</param>
    /// <param name="digest">Hexadecimal digits, others for other pixels.</param>
    /// <param name="counts">Images of each part.</param>
    /// <param name="unpack">Makes them: uint8 (n, C, S, S) in native memory, a tensor a part.</param>
    /// <returns>A tensor a part, owned by the caller and by no dispose scope.</returns>
    internal IReadOnlyList<Tensor> Of(string name, string digest, IReadOnlyList<int> counts, int channels, int size, Func<IReadOnlyList<Tensor>> unpack)
    {
        var path = Path.Combine(Folder, $"{digest}.npy");
        long[] shape = [counts.Sum(count => (long)count), channels, size, size];
        if (Mapped(path, shape, counts) is { } known) return known;
        var own = unpack();
        if (!Writes || !Written(name, path, MappedImages.FileBytes(shape), own)) return own;
        if (Mapped(path, shape, counts) is not { } shared)
        {
            NotShared(name, $"{path} can't be mapped into memory");
            return own;
        }
        foreach (var tensor in own) tensor.Dispose();
        return shared;
    }

    private static Tensor[]? Mapped(string path, long[] shape, IReadOnlyList<int> counts)
    {
        using var all = MappedImages.TryMap(path, shape);
        if (all is null) return null;
        LimitedFolder.Touch(path);
        var start = 0L;
        return [.. counts.Select(count => all.slice(0, start, start += count, 1).DetachFromDisposeScope())];
    }

    private bool Written(string name, string path, long bytes, IReadOnlyList<Tensor> images)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            if (bytes <= Limit) MakeRoom(bytes);
            if (Files.NoRoomFor(bytes) is { } reason) throw new MedTransferException(reason);
            MappedImages.Write(path, images);
            return true;
        }
        catch (Exception error) when (error is MedTransferException or IOException or UnauthorizedAccessException)
        {
            NotShared(name, error.Message.TrimEnd('.'));
            return false;
        }
    }

    private void NotShared(string name, string reason) => Tell?.Invoke($"The images of {name} are not shared, so that each process has its own: {reason}.");

    private LimitedFolder Files => new(Folder, Limit);

    private void MakeRoom(long bytes)
    {
        foreach (var (path, used, length) in Files.TrimTo(Math.Max(0, Limit - bytes)))
            Tell?.Invoke(FormattableString.Invariant($"Deleted {path} ({LimitedFolder.Megabytes(length)}, used last on {used:yyyy-MM-dd}): {LimitedFolder.Megabytes(Limit)} of unpacked images are kept at most."));
    }
}
