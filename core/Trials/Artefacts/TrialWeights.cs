using System.Security.Cryptography;
using System.Text;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Trials.Artefacts;

/// <summary>
/// A trial's weights in files. What stayed as it came, where that is much, is the same in many trials: it lies once in a folder beside theirs,
/// under its digest, and a trial's own file has the rest and names it.
/// </summary>
/// <param name="Path">The trial's own file, safetensors.</param>
/// <param name="Shared">The folder of what trials share; they can't do without it.</param>
internal sealed record TrialWeights(string Path, string Shared)
{
    /// <summary>Bytes that stayed from which on they are shared: a ResNet's, not those of the study's CNN.</summary>
    public const long LeastShared = 8L << 20;

    private const string SharedKey = "shared";

    /// <summary>Writes a model's weights and buffers.</summary>
    /// <param name="trains">Whether a weight or buffer of that name is of a layer that trained.</param>
    public void Write(nn.Module model, Func<string, bool> trains)
    {
        var all = model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.ToStored());
        var stayed = all.Where(weight => !trains(weight.Key)).ToDictionary();
        if (stayed.Values.Sum(stored => (long)stored.Data.Length) < LeastShared)
        {
            Safetensors.Write(Path, all);
            return;
        }

        var digest = DigestOf(stayed);
        Directory.CreateDirectory(Shared);
        if (!IsThere(digest))
            Safetensors.Write(FileOf(digest), stayed);
        Safetensors.Write(Path, all.Where(weight => !stayed.ContainsKey(weight.Key)), [new(SharedKey, digest)]);
    }

    /// <summary>All weights, by name.</summary>
    /// <exception cref="MedTransferException">What is shared is not there, or was changed.</exception>
    public IReadOnlyDictionary<string, SafeTensor> Read()
    {
        var (own, metadata) = Safetensors.Read(Path);
        if (!metadata.TryGetValue(SharedKey, out var digest))
            return own;
        var shared = Safetensors.Read(FileOf(digest)).Tensors;
        return DigestOf(shared) == digest
            ? own.Concat(shared).ToDictionary()
            : throw new MedTransferException($"{FileOf(digest)}, which it shares with others, was changed since it was written");
    }

    private bool IsThere(string digest)
    {
        try
        {
            return File.Exists(FileOf(digest)) && DigestOf(Safetensors.Read(FileOf(digest)).Tensors) == digest;
        }
        catch (MedTransferException)
        {
            return false;
        }
    }

    private string FileOf(string digest) => System.IO.Path.Combine(Shared, $"{digest}.safetensors");

    private static string DigestOf(IEnumerable<KeyValuePair<string, SafeTensor>> weights)
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
