using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Images;
using MedTransfer.Data.Phantoms;
using MedTransfer.Data.Reading;
using MedTransfer.Runtime.Native;

namespace MedTransfer.Data.Catalogue;

/// <summary>A dataset, found and identified, none of whose images are read or drawn yet.</summary>
/// <param name="Name">MedMNIST's flag with its size suffix, the file's stem, or the phantom's name.</param>
/// <param name="Path">Full path of the <c>.npz</c>; of a phantom, its <see cref="Phantom.Path"/>, by which it is found again.</param>
/// <param name="Md5">Digest of the file's bytes, 32 lower-case hexadecimal digits; of a phantom, its <see cref="Phantom.Digest"/>.</param>
/// <param name="Entry">The official file that this is; null for any other.</param>
public sealed record DatasetSource(string Name, string Path, string Md5, CatalogueEntry? Entry)
{
    private const string Extension = ".npz";

    /// <summary>The set to draw; null where there is a file.</summary>
    public Phantom? Phantom { get; private init; }

    /// <summary>Whether the images are drawn, not taken of anybody: what is measured on them must say so.</summary>
    public bool IsPhantom => Phantom is not null;

    /// <summary>What another process needs to find this again without reading the file for its digest.</summary>
    public DataPlace Place => new(Path, Md5) { Bytes = version?.Bytes, ModifiedUtc = version?.ModifiedUtc };

    // of the file whose digest was taken; null where there is none
    private (long Bytes, DateTime ModifiedUtc)? version;

    /// <summary>As <see cref="TryFind"/>, but an error that says where it looked when the file is in none of the folders.</summary>
    public static DatasetSource Find(string reference, DataFolders folders)
    {
        if (TryFind(reference, folders) is { } source) return source;
        var looked = $"looked in {OneLine.List(folders.Paths)}";
        if (MedMnist.TryFind(reference) is { } entry)
        {
            throw new MedTransferException($"{entry.FileName} is not here ({looked}): name its folder with --data or "
                + $"{DataFolders.RootVariable}, or download it from {entry.Url}");
        }
        throw new MedTransferException($"{OneLine.Quote(reference)} is no MedMNIST set (nearest: {string.Join(", ", MedMnist.Nearest(reference, 3))}) and there "
            + $"is no {OneLine.Quote(reference + Extension)} ({looked}): correct the name, or give the path of an .npz file");
    }

    /// <summary>The dataset that another process found; where that was on this machine, its file is not read again for its digest.</summary>
    /// <exception cref="MedTransferException">There is no such phantom in this version; on another machine the file can't be read, or is another.</exception>
    public static DatasetSource At(DataPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (Phantom.TryFind(place.Path) is { } phantom)
        {
            return phantom.Digest == place.Digest ? Of(phantom)
                : throw new MedTransferException($"{place.Path}: is drawn otherwise than by the version that named it (its digest is {phantom.Digest}, {place.Digest} is asked for)");
        }
        if (place.Machine != Environment.MachineName)
        {
            // another machine's clock, or a copy: the bytes tell
            var here = Identify(place.Path);
            return here.Md5 == place.Digest ? here
                : throw new MedTransferException($"{place.Path}: is another file than on {place.Machine}, where it was named, or has changed since (its MD5 is {here.Md5}, {place.Digest} is asked for): run again with the file as it is to be");
        }

        return Of(place.Path, place.Digest) with { version = place is { Bytes: { } bytes, ModifiedUtc: { } modified } ? (bytes, modified) : null };
    }

    /// <summary>Finds the file or the phantom that a reference means.</summary>
    /// <param name="reference">
    /// A path (anything that ends in <c>.npz</c> or holds a directory separator; NAME.npz that is not here, in the first of the folders that has it); a phantom's name, which needs no file; or another
    /// name, which stands for NAME.npz there.
    /// </param>
    /// <returns>Null where no folder has a file of that name.</returns>
    /// <exception cref="MedTransferException">
    /// The path leads nowhere, the file is not the official one whose name it has, or there is no such phantom.
    /// </exception>
    public static DatasetSource? TryFind(string reference, DataFolders folders)
    {
        if (string.IsNullOrWhiteSpace(reference))
            throw new MedTransferException("an empty dataset name: give a MedMNIST name or the path of an .npz file") { IsUsage = true };
        if (IsBareName(reference) && !System.IO.Path.Exists(reference))
            return FromFile(InFolders(reference, folders) ?? throw new MedTransferException($"{reference}: no such file, neither here nor in a folder of datasets (looked in {OneLine.List(folders.Paths)}): correct the name, or give its path"));
        if (IsPath(reference)) return FromFile(reference);
        if (Phantom.TryFind(reference) is { } phantom) return Of(phantom);
        var fileName = MedMnist.TryFind(reference)?.FileName ?? reference + Extension;
        return InFolders(fileName, folders) is { } path ? FromFile(path) : null;
    }

    /// <summary>Reads images and labels and checks them, or draws them; the caller disposes of the dataset.</summary>
    /// <param name="uncertain">
    /// What a label of -1, an uncertain finding as CheXpert has it, is read as: 0 (absent) or 1 (present); null where it is refused.
    /// </param>
    /// <param name="excerpt">As <see cref="Dataset.Excerpt"/> of all images, of which a phantom draws no others; null for all.</param>
    /// <param name="threads">Most threads that draw a phantom, 1 or more; null for every core.</param>
    /// <param name="shared">Where other processes find the images too; null, the default, to have them alone.</param>
    /// <exception cref="MedTransferException">The file can't be read, is no dataset, or is not what it was when its digest was taken.</exception>
    public Dataset Load(int? uncertain = null, int? excerpt = null, int? threads = null, SharedImages? shared = null)
    {
        NativeTorch.Load();
        if (Phantom is not null)
            return Phantom.Load(excerpt, threads, shared);
        RequireUnchanged();
        var whole = DatasetReader.Read(this, (byte?)uncertain, shared);
        if (excerpt is not { } most)
            return whole;
        using (whole)
            return whole.Excerpt(most);
    }

    /// <summary>The file at that path by its digest alone, whatever its name promises.</summary>
    /// <exception cref="MedTransferException">It can't be read.</exception>
    internal static DatasetSource Identify(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var version = VersionOf(full);   // before the digest: what changes while that is taken has changed since
        return Of(full, Digest(path)) with { version = version };
    }

    private static bool IsPath(string reference) =>
        reference.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
        || reference.Contains(System.IO.Path.DirectorySeparatorChar)
        || reference.Contains(System.IO.Path.AltDirectorySeparatorChar);

    private static bool IsBareName(string reference) =>
        reference.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && System.IO.Path.GetFileName(reference) == reference;

    private static string? InFolders(string fileName, DataFolders folders) =>
        folders.Paths.Select(folder => System.IO.Path.Combine(folder, fileName)).FirstOrDefault(System.IO.Path.Exists);

    private static DatasetSource FromFile(string path)
    {
        var source = Identify(path);
        var entry = MedMnist.TryFind(System.IO.Path.GetFileNameWithoutExtension(path));
        if (entry is not null && entry.Md5 != source.Md5)
        {
            throw new MedTransferException($"{path}: is not the official {entry.FileName} (its MD5 is {source.Md5}, the catalogue's {entry.Md5}): "
                + $"download it again from {entry.Url}, or give other data another name");
        }
        return source;
    }

    private static DatasetSource Of(Phantom phantom) => new(phantom.Name, phantom.Path, phantom.Digest, null) { Phantom = phantom };

    private static DatasetSource Of(string path, string md5)
    {
        var entry = MedMnist.TryFindByMd5(md5);
        return new(entry?.Info.Name ?? System.IO.Path.GetFileNameWithoutExtension(path), path, md5, entry);
    }

    private void RequireUnchanged()
    {
        if (version is { } then && VersionOf(Path) is { } now && now != then)
            throw new MedTransferException($"{Path}: has changed since it was looked at first; run again, without changing it meanwhile");
    }

    // null where there is no such file, which is said where it is opened
    private static (long Bytes, DateTime ModifiedUtc)? VersionOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : null;

    [SuppressMessage("Security", "CA5351", Justification = "MedMNIST publishes MD5 sums, and they are all there is to compare with")]
    private static string Digest(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () => Convert.ToHexStringLower(MD5.HashData(file)));
    }
}

/// <summary>A dataset that was found and identified, for another process to find again.</summary>
/// <param name="Path">Full path of its file, or a phantom's.</param>
/// <param name="Digest">Its MD5.</param>
public sealed record DataPlace(string Path, string Digest)
{
    /// <summary>Where that was: what follows is compared there alone.</summary>
    public string Machine { get; init; } = Environment.MachineName;

    /// <summary>The file's length when its digest was taken; null of a phantom.</summary>
    public long? Bytes { get; init; }

    /// <summary>When the file had been changed last, when its digest was taken; null of a phantom.</summary>
    public DateTime? ModifiedUtc { get; init; }
}
