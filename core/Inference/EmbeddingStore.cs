using System.Security.Cryptography;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>
/// Embeddings in files of a folder, which trainings of any process share: each appears whole or not at all and is checked as it is read; one
/// that is damaged, or that another process removes, is as good as none. Nothing but time is lost with the folder, also while it is in use.
/// </summary>
/// <param name="Folder">Made when it is needed; holds nothing else.</param>
public sealed record EmbeddingStore(string Folder)
{
    private const string Name = "embeddings", Digest = "sha256";

    /// <summary>Bytes that the files may take together, 0 or more: what would be more is not kept. Default 2 GiB.</summary>
    public long Limit { get; init; } = 2L << 30;

    private LimitedFolder Files => new(Folder, Limit);

    /// <summary>Makes room for others: once seven eighths of the limit are taken, files unused for longest go until a half is.</summary>
    /// <returns>How many went, and their bytes.</returns>
    public (int Files, long Bytes) Trim()
    {
        if (Files.Bytes() < Limit - Limit / 8)
            return (0, 0);
        var removed = Files.TrimTo(Limit / 2);
        return (removed.Count, removed.Sum(file => file.Bytes));
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
            LimitedFolder.Touch(path);
            return stored.ToTensor();
        }
        catch (MedTransferException)
        {
            return null;
        }
    }

    /// <summary>Keeps a tensor under that key, where there is room.</summary>
    internal void Write(string key, Tensor value)
    {
        var bytes = value.numel() * value.element_size();
        if (Files.Bytes() + bytes > Limit)
            return;
        try
        {
            Directory.CreateDirectory(Folder);
            if (Files.NoRoomFor(bytes) is not null)
                return;
            var stored = value.ToStored();
            Safetensors.Write(PathOf(key), [new(Name, stored)], [new(Digest, DigestOf(stored))]);
        }
        catch (Exception e) when (e is MedTransferException or IOException or UnauthorizedAccessException)
        {
            // the training has what it needs in memory
        }
    }

    private string PathOf(string key) => Path.Combine(Folder, $"{key}.safetensors");

    private static string DigestOf(SafeTensor stored) => Convert.ToHexStringLower(SHA256.HashData(stored.Data.Span));
}
