using System.Security.Cryptography;
using System.Text;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>
/// What comes out of layers that do not train, computed once: for as long as this lives in memory, and between trainings in a
/// <see cref="EmbeddingStore"/>. Known by what goes in to the bit, pixels and weights, wherever they come from.
/// </summary>
/// <param name="store">Where it is kept for others; null to keep it here alone.</param>
/// <param name="circumstances">What else decides the bits: the model's options, processor, threads, libtorch, version of the numerics.</param>
public sealed class Embedder(EmbeddingStore? store, string circumstances) : IDisposable
{
    private readonly Dictionary<string, Tensor> known = [];
    private int knownDepth;

    /// <summary>
    /// Bytes of one set's output at most; a larger one is passed through the layers each time instead. Of the set alone, so that it does not
    /// depend on what was embedded before. Default 512 MiB.
    /// </summary>
    public long MostBytes { get; init; } = 512L << 20;

    /// <summary>The output of the first layers for all images, float32 (N, ...), which belongs to this; null where it is too large to keep.</summary>
    /// <param name="depth">How many layers, from 1; what is known of another depth is forgotten.</param>
    internal Tensor? Of(FeatureLayers layers, int depth, ImageSet images)
    {
        if (depth != knownDepth)
            Dispose();
        knownDepth = depth;
        using var scope = NewDisposeScope();
        layers.eval();   // before the one image that tells the size passes, too: batch norms would learn from it
        var key = Key(layers, depth, images);
        if (known.TryGetValue(key, out var kept))
            return kept;
        if (BytesOf(layers, depth, images) > MostBytes)
            return null;
        var found = store?.TryRead(key)?.to(images.Device);
        var output = found ?? ForwardPass.Map(layers, images, batch => layers.Through(batch, 0, depth));
        if (found is null)
            store?.Write(key, output);
        return known[key] = output.DetachFromDisposeScope();
    }

    /// <summary>Forgets what it knows; the store keeps what it has.</summary>
    public void Dispose()
    {
        foreach (var tensor in known.Values)
            tensor.Dispose();
        known.Clear();
    }

    private static long BytesOf(FeatureLayers layers, int depth, ImageSet images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var one = layers.Through(images.Images(0, 1), 0, depth);
        return images.Count * one.numel() * one.element_size();
    }

    private string Key(FeatureLayers layers, int depth, ImageSet images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{circumstances} {images.Device.type} {layers.GetName()} {depth} {images.Digest}")));
        foreach (var (name, value) in layers.StateOf(depth).OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {value.dtype} {string.Join('x', value.shape)}"));
            hash.AppendData(value.ToStored().Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
