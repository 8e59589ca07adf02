using System.Buffers.Binary;
using System.Security.Cryptography;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Claims;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>
/// Embeddings in files of a folder, which trainings of any process share: each appears whole or not at all and is checked as it is read; one
/// that is damaged, or that another process removes, is as good as none. Nothing but time is lost with the folder, also while it is in use.
/// </summary>
/// <param name="Folder">Made when it is needed; holds nothing else but a folder of claims.</param>
public sealed record EmbeddingStore(string Folder)
{
    private const string Rows = "rows", Images = "images", Digest = "sha256";

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

    /// <summary>Files that hold embeddings of that network.</summary>
    internal IReadOnlyList<string> FilesOf(string network)
    {
        try
        {
            return Directory.Exists(Folder) ? Directory.GetFiles(Folder, $"{network}-*.safetensors") : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Digests of the images that a file has embeddings of, in its order; null where it is not sound.</summary>
    internal static IReadOnlyList<UInt128>? TryReadImages(string file) => TryRead(file, Images) is ({ Type: SafeTensorType.U8, Shape: [_, 16] } stored, _)
        ? [.. Enumerable.Range(0, (int)stored.Shape[0]).Select(row => BinaryPrimitives.ReadUInt128LittleEndian(stored.Data.Span[(row * 16)..]))]
        : null;

    /// <summary>Shape of an image's embedding in a file; null where it is not sound.</summary>
    internal static long[]? TryReadShape(string file)
    {
        try
        {
            return Safetensors.ReadHeader(file).Entries.FirstOrDefault(entry => entry.Name == Rows)?.Shape[1..];
        }
        catch (MedTransferException)
        {
            return null;
        }
    }

    /// <summary>The embeddings of a file, on the CPU; null where they are not sound.</summary>
    internal static Tensor? TryReadRows(string file)
    {
        if (TryRead(file, Rows) is not ({ } stored, { } digest) || digest != DigestOf(stored))
            return null;
        LimitedFolder.Touch(file);
        return stored.ToTensor();
    }

    /// <summary>Keeps embeddings of a network, (n, ...), where there is room.</summary>
    /// <param name="images">Digests of the images that they are of.</param>
    internal void Write(string network, IReadOnlyList<UInt128> images, Tensor rows)
    {
        var bytes = rows.numel() * rows.element_size();
        if (Files.Bytes() + bytes > Limit)
            return;
        try
        {
            Directory.CreateDirectory(Folder);
            if (Files.NoRoomFor(bytes) is not null)
                return;
            var stored = rows.ToStored();
            var digests = new SafeTensor(SafeTensorType.U8, [images.Count, 16], images.SelectMany(EmbeddedImages.Bytes).ToArray());
            Safetensors.Write(Path.Combine(Folder, $"{network}-{DigestOf(digests)[..16]}.safetensors"), [new(Rows, stored), new(Images, digests)], [new(Digest, DigestOf(stored))]);
        }
        catch (Exception e) when (e is MedTransferException or IOException or UnauthorizedAccessException)
        {
            // the training has what it needs in memory
        }
    }

    /// <summary>Deletes a file that is not sound, where that is possible.</summary>
    internal static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // it is tried again, and found wanting again
        }
    }

    /// <summary>The right to compute a part of a network's embeddings, which one process has at a time; without a claim where the folder can't hold one.</summary>
    /// <param name="watch">What was heard of that part's holder before.</param>
    internal (bool IsFree, FolderClaim? Held) TryClaim(string network, int part, ClaimWatch watch)
    {
        try
        {
            var held = FolderClaim.TryTake(Path.Combine(Folder, "claims", $"{network}-{part}"), watch, leavesNothing: true);
            return (held is not null, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (true, null);
        }
    }

    private static (SafeTensor? Tensor, string? Digest) TryRead(string file, string name)
    {
        try
        {
            if (!File.Exists(file))
                return default;
            var (tensors, metadata) = Safetensors.Read(file, [name]);
            return (tensors.GetValueOrDefault(name), metadata.GetValueOrDefault(Digest));
        }
        catch (MedTransferException)
        {
            return default;
        }
    }

    private static string DigestOf(SafeTensor stored) => Convert.ToHexStringLower(SHA256.HashData(stored.Data.Span));
}
