using System.Security.Cryptography;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>
/// Embeddings in files of a folder, which trainings of any process share: each appears whole or not at all and is checked as it is read; one
/// that is damaged, or that another process removes, is as good as none. Nothing but time is lost with the folder.
/// </summary>
/// <param name="Folder">Made when it is needed.</param>
public sealed record EmbeddingStore(string Folder)
{
    /// <summary>What the files may take together before the ones unused for longest go: 2 GiB.</summary>
    public const long DefaultLimit = 2L << 30;

    private const string Extension = ".safetensors", Name = "embeddings", Digest = "sha256";

    /// <summary>Bytes that the files may take together, 0 or more.</summary>
    public long Limit { get; init; } = DefaultLimit;

    /// <summary>Removes files, those unused for longest first, until the others keep to the limit.</summary>
    /// <returns>How many went, and their bytes.</returns>
    public (int Files, long Bytes) Trim()
    {
        var files = Files().Select(file => (file.FullName, Used: file.LastWriteTimeUtc, file.Length)).OrderBy(file => file.Used).ThenBy(file => file.FullName, StringComparer.Ordinal).ToList();
        var total = files.Sum(file => file.Length);
        var (removed, bytes) = (0, 0L);
        foreach (var (path, _, length) in files)
        {
            if (total - bytes <= Limit)
                break;
            try
            {
                File.Delete(path);
                (removed, bytes) = (removed + 1, bytes + length);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // it is in use, or another user's: the next one then
            }
        }

        return (removed, bytes);
    }

    /// <summary>What is kept under that key, on the CPU; null where nothing sound is.</summary>
    internal Tensor? TryRead(string key)
    {
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path))
                return null;
            var (tensors, metadata) = Safetensors.Read(path);
            if (!tensors.TryGetValue(Name, out var stored) || !metadata.TryGetValue(Digest, out var digest) || digest != DigestOf(stored))
                return null;
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);   // it was used
            return stored.ToTensor();
        }
        catch (Exception e) when (e is MedTransferException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a tensor under that key, unless it alone is above the limit; a disk that is full keeps nothing.</summary>
    internal void Write(string key, Tensor value)
    {
        if (value.numel() * value.element_size() > Limit)
            return;
        try
        {
            Directory.CreateDirectory(Folder);
            var stored = value.ToStored();
            Safetensors.Write(PathOf(key), [new(Name, stored)], [new(Digest, DigestOf(stored))]);
        }
        catch (Exception e) when (e is MedTransferException or IOException or UnauthorizedAccessException)
        {
            // the training has what it needs in memory
        }
    }

    private IEnumerable<FileInfo> Files() =>
        Directory.Exists(Folder) ? new DirectoryInfo(Folder).EnumerateFiles($"*{Extension}") : [];

    private string PathOf(string key) => Path.Combine(Folder, key + Extension);

    private static string DigestOf(SafeTensor stored) => Convert.ToHexStringLower(SHA256.HashData(stored.Data.Span));
}
