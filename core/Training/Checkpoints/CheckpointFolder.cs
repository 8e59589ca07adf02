using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;

namespace MedTransfer.Training.Checkpoints;

/// <summary>
/// A state on the disk: up to three safetensors files, its parts, each named by its digest, and a manifest that names those that belong together. Parts are written first, then the manifest takes the place of the
/// one before, and only then the parts that it does not name are deleted: whenever a process is killed, the last manifest and all that it names are there.
/// </summary>
internal sealed class CheckpointFolder(string path)
{
    private const string FrozenPart = "frozen", TrainedPart = "trained", KeptPart = "kept";
    private const string WeightsPrefix = "model.", MomentsPrefix = "adam.", EpochPrefix = "epoch.";
    private const string DigestKey = "sha256", ContentKey = "content";

    private Dictionary<string, string> parts = [];

    private string ManifestPath => Path.Combine(path, "manifest.json");

    /// <summary>Bytes of the parts that were written, all together.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Writes what is given, which belongs to what was read or written before where something is left out.</summary>
    public void Write(CheckpointState state)
    {
        Make();
        if (state.Frozen is { } frozen)
            WritePart(FrozenPart, Named(WeightsPrefix, frozen));
        if (state.Kept is { } kept)
            WritePart(KeptPart, Named(WeightsPrefix, kept));
        WritePart(TrainedPart, [.. Named(WeightsPrefix, state.Trained), .. Named(MomentsPrefix, state.Moments), .. Named(EpochPrefix, state.Epoch)]);
        var content = JsonSerializer.Serialize(new Manifest(parts, state.Progress));
        WholeFile.WriteText(ManifestPath, $$"""{"{{DigestKey}}":"{{DigestOf(content)}}","{{ContentKey}}":{{content}}}""" + "\n");
        DeleteOthers();
    }

    /// <summary>How far the state is, as the manifest says: epochs that ended, and steps of its phase; null where there is none that can be read.</summary>
    public (int Epochs, long Steps)? Position()
    {
        try
        {
            return File.Exists(ManifestPath) && ReadManifest() is { } manifest ? (manifest.Progress.History.Count, manifest.Progress.Steps) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The state as it was written, nothing left out; null where there is none, or one that is not as this class wrote it, to the bit.</summary>
    public CheckpointState? Read()
    {
        try
        {
            if (!File.Exists(ManifestPath) || ReadManifest() is not { } manifest)
                return null;
            var read = manifest.Parts.ToDictionary(part => part.Key, part => ReadPart(part.Key, part.Value));
            if (read.ContainsValue(null) || read.GetValueOrDefault(TrainedPart) is not { } trained)
                return null;
            parts = manifest.Parts.ToDictionary();
            return new(
                Within(WeightsPrefix, read.GetValueOrDefault(FrozenPart)), Within(WeightsPrefix, trained), Within(WeightsPrefix, read.GetValueOrDefault(KeptPart)),
                Within(MomentsPrefix, trained), Within(EpochPrefix, trained), manifest.Progress);
        }
        catch (Exception e) when (e is MedTransferException or JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Manifest? ReadManifest()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(ManifestPath));
        return document.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty(DigestKey, out var digest) && root.TryGetProperty(ContentKey, out var content)
            && digest.ValueKind == JsonValueKind.String && digest.GetString() == DigestOf(content.GetRawText())
            ? content.Deserialize<Manifest>()
            : null;
    }

    private OrderedDictionary<string, SafeTensor>? ReadPart(string part, string digest)
    {
        var tensors = Safetensors.Read(PathOf(part, digest)).Tensors;
        return WeightFile.DigestOf(tensors) == digest ? tensors : null;
    }

    private void WritePart(string part, List<KeyValuePair<string, SafeTensor>> tensors)
    {
        parts.Remove(part);
        if (tensors.Count == 0)
            return;
        var digest = parts[part] = WeightFile.DigestOf(tensors);
        Safetensors.Write(PathOf(part, digest), tensors);
        WrittenBytes += tensors.Sum(tensor => (long)tensor.Value.Data.Length);
    }

    // also what a process that was killed did not get to name
    private void DeleteOthers()
    {
        var named = parts.Select(part => PathOf(part.Key, part.Value)).Append(ManifestPath).ToHashSet();
        foreach (var file in Directory.GetFiles(path).Where(file => !named.Contains(file)))
            DeleteIfPossible(file);
    }

    private static void DeleteIfPossible(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What no manifest names does no harm.
        }
    }

    private void Make()
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"The folder {path} can't be made: {e.Message.TrimEnd('.')}; free its place.", e);
        }
    }

    /// <summary>Of another plan than the one that it is to go on with.</summary>
    public MedTransferException OfAnotherPlan() => new($"The checkpoint in {path} is of another plan: delete that folder and run again.");

    private string PathOf(string part, string digest) => Path.Combine(path, $"{part}-{digest}.safetensors");

    private static List<KeyValuePair<string, SafeTensor>> Named(string prefix, IReadOnlyDictionary<string, SafeTensor> tensors) =>
        [.. tensors.Select(tensor => KeyValuePair.Create(prefix + tensor.Key, tensor.Value))];

    private static Dictionary<string, SafeTensor> Within(string prefix, IReadOnlyDictionary<string, SafeTensor>? part) => (part ?? new Dictionary<string, SafeTensor>())
        .Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(tensor => tensor.Key[prefix.Length..], tensor => tensor.Value);

    private static string DigestOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <param name="Parts">Digests by part.</param>
    private sealed record Manifest(IReadOnlyDictionary<string, string> Parts, CheckpointProgress Progress);
}
