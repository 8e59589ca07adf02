using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Phantoms;
using MedTransfer.Runtime;

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
        var nearest = NearestNames.Of(reference, MedMnist.Entries.Select(known => known.Info.Name), count: 3);
        throw new MedTransferException($"{OneLine.Quote(reference)} is no MedMNIST set (nearest: {string.Join(", ", nearest)}) and there "
            + $"is no {OneLine.Quote(reference + Extension)} ({looked}): correct the name, or give the path of an .npz file");
    }

    /// <summary>Finds the file or the phantom that a reference means.</summary>
    /// <param name="reference">
    /// A path (anything that ends in <c>.npz</c> or holds a directory separator); a phantom's name, which needs no file; or another
    /// name, which stands for NAME.npz in the first of the folders that has it.
    /// </param>
    /// <returns>Null where no folder has a file of that name.</returns>
    /// <exception cref="MedTransferException">
    /// The path leads nowhere, the file is not the official one whose name it has, or there is no such phantom.
    /// </exception>
    public static DatasetSource? TryFind(string reference, DataFolders folders)
    {
        if (string.IsNullOrWhiteSpace(reference))
            throw new MedTransferException("an empty dataset name: give a MedMNIST name or the path of an .npz file") { IsUsage = true };
        if (IsPath(reference)) return FromFile(reference);
        if (Phantom.TryFind(reference) is { } phantom) return new(phantom.Name, phantom.Path, phantom.Digest, null) { Phantom = phantom };
        var fileName = MedMnist.TryFind(reference)?.FileName ?? reference + Extension;
        return folders.Paths.Select(folder => System.IO.Path.Combine(folder, fileName)).FirstOrDefault(System.IO.Path.Exists) is { } path
            ? FromFile(path)
            : null;
    }

    /// <summary>Reads images and labels and checks them, or draws them; the caller disposes of the dataset.</summary>
    /// <param name="uncertain">
    /// What a label of -1, an uncertain finding as CheXpert has it, is read as: 0 (absent) or 1 (present); null where it is refused.
    /// </param>
    /// <param name="excerpt">As <see cref="Dataset.Excerpt"/> of all images, of which a phantom draws no others; null for all.</param>
    /// <param name="threads">Most threads that draw a phantom, 1 or more; null for every core.</param>
    public Dataset Load(int? uncertain = null, int? excerpt = null, int? threads = null)
    {
        NativeTorch.Load();
        if (Phantom is not null)
            return Phantom.Load(excerpt, threads);
        var whole = DatasetReader.Read(this, (byte?)uncertain);
        if (excerpt is not { } most)
            return whole;
        using (whole)
            return whole.Excerpt(most);
    }

    private static bool IsPath(string reference) =>
        reference.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
        || reference.Contains(System.IO.Path.DirectorySeparatorChar)
        || reference.Contains(System.IO.Path.AltDirectorySeparatorChar);

    private static DatasetSource FromFile(string path)
    {
        var md5 = Digest(path);
        var stem = System.IO.Path.GetFileNameWithoutExtension(path);
        var entry = MedMnist.TryFind(stem);
        if (entry is not null && entry.Md5 != md5)
        {
            throw new MedTransferException($"{path}: is not the official {entry.FileName} (its MD5 is {md5}, the catalogue's {entry.Md5}): "
                + $"download it again from {entry.Url}, or give other data another name");
        }
        entry ??= MedMnist.TryFindByMd5(md5);
        return new(entry?.Info.Name ?? stem, System.IO.Path.GetFullPath(path), md5, entry);
    }

    [SuppressMessage("Security", "CA5351", Justification = "MedMNIST publishes MD5 sums, and they are all there is to compare with")]
    private static string Digest(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () => Convert.ToHexStringLower(MD5.HashData(file)));
    }
}
