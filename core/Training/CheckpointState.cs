using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedTransfer.Models.Weights;

namespace MedTransfer.Training;

/// <summary>What a checkpoint's file holds.</summary>
/// <param name="Weights">The model's, by name.</param>
/// <param name="Kept">The copy of the best epoch's; empty where there is none.</param>
/// <param name="Moments">Adam's two.</param>
internal sealed record CheckpointState(
    IReadOnlyDictionary<string, SafeTensor> Weights,
    IReadOnlyDictionary<string, SafeTensor> Kept,
    IReadOnlyDictionary<string, SafeTensor> Moments,
    CheckpointProgress Progress)
{
    public const string FirstMoment = "first", SecondMoment = "second";

    private const string WeightsPart = "model.", KeptPart = "kept.", MomentsPart = "adam.";
    private const string ProgressKey = "progress", DigestKey = "sha256";

    public void Write(string path)
    {
        var tensors = Named(WeightsPart, Weights).Concat(Named(KeptPart, Kept)).Concat(Named(MomentsPart, Moments)).ToList();
        var progress = JsonSerializer.Serialize(Progress);
        Safetensors.Write(path, tensors, [new(ProgressKey, progress), new(DigestKey, Digest(tensors, progress))]);
    }

    /// <summary>The state in a file; null where there is no file, or not one that this class wrote, to the bit.</summary>
    public static CheckpointState? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var (tensors, metadata) = Safetensors.Read(path);
            if (!metadata.TryGetValue(ProgressKey, out var progress)
                || !metadata.TryGetValue(DigestKey, out var digest) || digest != Digest(tensors, progress))
                return null;
            IReadOnlyDictionary<string, SafeTensor> Part(string part) => tensors
                .Where(tensor => tensor.Key.StartsWith(part, StringComparison.Ordinal))
                .ToDictionary(tensor => tensor.Key[part.Length..], tensor => tensor.Value);
            return new(Part(WeightsPart), Part(KeptPart), Part(MomentsPart), JsonSerializer.Deserialize<CheckpointProgress>(progress)!);
        }
        catch (Exception e) when (e is MedTransferException or JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<KeyValuePair<string, SafeTensor>> Named(string part, IReadOnlyDictionary<string, SafeTensor> tensors) =>
        tensors.Select(tensor => KeyValuePair.Create(part + tensor.Key, tensor.Value));

    private static string Digest(IEnumerable<KeyValuePair<string, SafeTensor>> tensors, string progress)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(progress));
        foreach (var (name, tensor) in tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(tensor.Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>How far a training was: of patience and of the best score, the history tells.</summary>
/// <param name="Steps">Adam's.</param>
/// <param name="Seconds">Wall time of the optimisation.</param>
internal sealed record CheckpointProgress(long Steps, double Seconds, IReadOnlyList<EpochRecord> History);
