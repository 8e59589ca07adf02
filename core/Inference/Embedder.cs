using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>
/// What comes out of layers that do not train, computed once an image: for as long as this lives in memory, and between trainings in an
/// <see cref="EmbeddingStore"/>, whichever samples, folds and splits they draw. Known by what goes in to the bit, pixels and weights, wherever
/// they come from. Trainings that run side by side share the work.
/// </summary>
/// <param name="store">Where it is kept for others; null to keep it here alone.</param>
/// <param name="circumstances">What else decides the bits: the model's options, processor, threads, libtorch, version of the numerics.</param>
public sealed class Embedder(EmbeddingStore? store, string circumstances) : IDisposable
{
    /// <summary>What a process has computed is for others to see after so long.</summary>
    private static readonly TimeSpan Share = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Network, string Images), Tensor> known = [];
    private int knownDepth;

    /// <summary>
    /// Bytes of one set's output at most; a larger one is passed through the layers each time instead. Of the set alone, so that it does not
    /// depend on what was embedded before. Default 512 MiB.
    /// </summary>
    public long MostBytes { get; init; } = 512L << 20;

    /// <summary>Ends what takes its time between two batches; what other processes can see by then is kept.</summary>
    internal CancellationToken Cancellation { get; init; }

    /// <summary>The output of the first layers for all images, float32 (N, ...), which belongs to this; null where it is too large to keep.</summary>
    /// <param name="depth">How many layers, from 1; what is known of another depth is forgotten.</param>
    /// <exception cref="OperationCanceledException"><see cref="Cancellation"/> was asked for.</exception>
    internal Tensor? Of(FeatureLayers layers, int depth, ImageSet images)
    {
        if (depth != knownDepth)
            Dispose();
        knownDepth = depth;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var network = Key(layers, depth, images);
        var key = (network, Digest(images));
        if (known.TryGetValue(key, out var kept))
            return kept;
        layers.eval();   // also for the one image that tells the shape: batch norms would learn from it
        using var rows = new EmbeddedImages(store, network);
        // an encoder that need not run is not even loaded
        var shape = rows.TryShape(images.Digests) ?? layers.Through(images.Images(0, 1), 0, depth).shape[1..];
        if (images.Count * shape.Aggregate((long)sizeof(float), (bytes, length) => bytes * length) > MostBytes)
            return null;
        Tensor? all;
        do
        {
            while (rows.Claim(images.Digests, Cancellation) is { } claim)
            {
                using (claim)
                    Embed(layers, depth, images, rows, claim);
            }

            all = rows.TryGather(images.Digests, shape);   // another process may have made room meanwhile
        }
        while (all is null);
        RequireSound(all, images);
        return known[key] = all.to(images.Device).DetachFromDisposeScope();
    }

    /// <summary>Forgets what it knows; the store keeps what it has.</summary>
    public void Dispose()
    {
        foreach (var tensor in known.Values)
            tensor.Dispose();
        known.Clear();
    }

    // in batches of one size, the last filled up with an image that is there: what comes out for an image does not depend on its company
    private void Embed(FeatureLayers layers, int depth, ImageSet images, EmbeddedImages rows, EmbeddedImages.Claimed claim)
    {
        var size = layers.SmallBatchSize(images.Shape.Height);
        var (clock, batch, done) = (Stopwatch.StartNew(), new List<int>(size), new List<Tensor>());
        using var scope = NewDisposeScope();
        while (claim.TakeMore(size - batch.Count, clock.Elapsed < Share) is { Count: > 0 } more)
        {
            batch.AddRange(more);
            if (batch.Count == size)
                Pass();
        }

        if (batch.Count > 0)
            Pass();
        rows.Add(claim, cat(done));

        void Pass()
        {
            Cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            long[] filled = [.. batch.Select(image => (long)image), .. Enumerable.Repeat((long)batch[^1], size - batch.Count)];
            var output = layers.Through(images.Images(tensor(filled, device: images.Device)), 0, depth);
            done.Add(output.narrow(0, 0, batch.Count).cpu().MoveToOuterDisposeScope());
            batch.Clear();
        }
    }

    // nothing can be learnt from either, and what tries says something that helps nobody
    private static void RequireSound(Tensor all, ImageSet images)
    {
        var rows = all.flatten(1);
        var sound = rows.isfinite().all(1).data<bool>().ToArray();
        if (Array.IndexOf(sound, false) is >= 0 and var first)
        {
            throw new MedTransferException($"What the network makes of {sound.Count(row => !row)} of {images.Count} images (of image {first} first) is no number, or infinite: "
                + "look at its weights or its file, and at how its pixels are scaled (--normalisation).");
        }

        if (images.Digests.Distinct().Skip(1).Any() && rows.eq(rows[0]).all().item<bool>())
        {
            throw new MedTransferException($"The network makes the same of all {images.Count} images, so that nothing can be told apart: "
                + "look at its weights or its file, at which output is taken (--output), and at how its pixels are scaled (--normalisation).");
        }
    }

    private static string Digest(ImageSet images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var image in images.Digests)
            hash.AppendData(EmbeddedImages.Bytes(image));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string Key(FeatureLayers layers, int depth, ImageSet images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var shape = images.Shape;
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{circumstances} {images.Device.type} {layers.GetName()} {depth} {shape.Channels}x{shape.Height}x{shape.Width}")));
        foreach (var (name, value) in layers.StateOf(depth).OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {value.dtype} {string.Join('x', value.shape)}"));
            value.AppendTo(hash);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
