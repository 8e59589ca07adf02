using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MedTransfer.Data.Formats;
using static TorchSharp.torch;

namespace MedTransfer.Models.Weights;

/// <summary>
/// A model's weights and buffers as a safetensors file, under their PyTorch names and of their own types, which other tools open. What of a large network stayed
/// as it came lies once beside the files of those that share it.
/// </summary>
public static class WeightFile
{
    private const string SharedKey = "shared", PixelsKey = "pixels";

    // shared files as they were when this process read them: trials that share one do not each read it whole
    private static readonly ConcurrentDictionary<string, (string Digest, long Bytes, DateTime Written)> sound = [];

    /// <summary>Writes every weight, and how a network's pixels are scaled where that is not to [-1, 1]; the same weights give the same bytes.</summary>
    public static void Save(nn.Module model, string path) => Save(model, path, _ => false);

    /// <summary>
    /// Writes every weight, those that may be shared in a file of their own in the folder <c>weights</c> beside that of the file, under their
    /// digest: others that share them have the same one, and can't do without it.
    /// </summary>
    /// <param name="shared">Whether the weight or buffer of that name may be shared; where none is, there is one file.</param>
    internal static void Save(nn.Module model, string path, Func<string, bool> shared)
    {
        var all = model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.ToStored());
        var metadata = new Dictionary<string, string>();
        if (PixelsOf(model) is { } pixels && pixels != PixelScale.Symmetric)
            metadata[PixelsKey] = pixels.ToString();
        var others = all.Where(weight => shared(weight.Key)).ToDictionary();
        if (others.Count > 0)
        {
            var digest = metadata[SharedKey] = DigestOf(others);
            if (!WasSound(SharedPath(path, digest), digest))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(SharedPath(path, digest))!);
                Safetensors.Write(SharedPath(path, digest), others);
            }
        }

        Safetensors.Write(path, all.Where(weight => !others.ContainsKey(weight.Key)), metadata);
    }

    /// <summary>SHA-256 of a file of weights, lower-case hexadecimal digits: what weights they are, wherever they are.</summary>
    /// <exception cref="MedTransferException">It can't be read.</exception>
    public static string DigestOf(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () => Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>The weights of a file, by name, those that it shares with others among them.</summary>
    /// <exception cref="MedTransferException">The file can't be read, or what it shares is gone or was changed.</exception>
    public static IReadOnlyDictionary<string, SafeTensor> Load(string path)
    {
        var (own, metadata) = Safetensors.Read(path);
        if (DigestOfShared(metadata) is not { } digest)
            return own;
        var file = SharedPath(path, digest);
        var shared = Safetensors.Read(file).Tensors;
        return DigestOf(shared) == digest ? own.Concat(shared).ToDictionary() : throw new MedTransferException($"{file}, which it shares with others, was changed since it was written");
    }

    /// <summary>Whether what a file shares with others is there as it was written; also where it shares nothing.</summary>
    internal static bool HasShared(string path) => DigestOfShared(Safetensors.ReadHeader(path).Metadata) is not { } digest || IsSound(SharedPath(path, digest), digest);

    /// <summary>What the weights of a file are, by name, but for their values, of which nothing is read.</summary>
    public static IReadOnlyDictionary<string, WeightShape> Shapes(string path)
    {
        var header = Safetensors.ReadHeader(path);
        var shared = DigestOfShared(header.Metadata) is { } digest ? Safetensors.ReadHeader(SharedPath(path, digest)).Entries : [];
        return header.Entries.Concat(shared).ToDictionary(entry => entry.Name, entry => new WeightShape(entry.Type, entry.Shape));
    }

    /// <summary>How the network of a file of ours scales pixels, where it says so; null where it does not.</summary>
    internal static PixelScale? PixelsOf(string path) =>
        Safetensors.ReadHeader(path).Metadata.TryGetValue(PixelsKey, out var text) ? PixelScale.TryParse(text) : null;

    private static PixelScale? PixelsOf(nn.Module model) => model switch
    {
        Classifier classifier => classifier.Layers.Seen.Pixels,
        Autoencoder autoencoder => autoencoder.Layers.Seen.Pixels,
        _ => null,
    };

    // a digest and nothing else, as it becomes part of a path
    private static string? DigestOfShared(OrderedDictionary<string, string> metadata) =>
        metadata.TryGetValue(SharedKey, out var digest) && digest.Length == 32 && digest.All(char.IsAsciiHexDigitLower) ? digest : null;

    private static string SharedPath(string path, string digest) =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "", "weights", $"{digest}.safetensors");

    // read whole once in a process, then again only where its length or time is another
    private static bool WasSound(string path, string digest)
    {
        var file = new FileInfo(path);
        if (file.Exists && sound.TryGetValue(file.FullName, out var known) && known == (digest, file.Length, file.LastWriteTimeUtc))
            return true;
        if (!IsSound(path, digest))
            return false;
        sound[file.FullName] = (digest, file.Length, file.LastWriteTimeUtc);
        return true;
    }

    private static bool IsSound(string path, string digest)
    {
        try
        {
            return File.Exists(path) && DigestOf(Safetensors.Read(path).Tensors) == digest;
        }
        catch (MedTransferException)
        {
            return false;
        }
    }

    /// <summary>The first half of a SHA-256 of weights, whatever their order: their names, types, shapes and values.</summary>
    internal static string DigestOf(IEnumerable<KeyValuePair<string, SafeTensor>> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, stored) in weights.OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {stored.Type} {string.Join('x', stored.Shape)}"));
            hash.AppendData(stored.Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
