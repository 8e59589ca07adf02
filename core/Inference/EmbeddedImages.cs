using System.Buffers.Binary;
using System.Diagnostics;
using MedTransfer.Runtime.Claims;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>
/// What came out of one network's first layers for single images, here and in the store; and who computes what is missing: the images fall in
/// parts by their digests, and of several processes each takes parts that no other has.
/// </summary>
/// <param name="network">What the layers are, of all that decides the bits.</param>
internal sealed class EmbeddedImages(EmbeddingStore? store, string network) : IDisposable
{
    private readonly EmbeddingStore? store = store;
    private readonly string network = network;
    private const int Parts = 64;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50), LongPoll = TimeSpan.FromSeconds(2);

    private readonly Dictionary<UInt128, Place> places = [];
    private readonly HashSet<string> seen = [];
    private readonly List<Tensor> own = [];
    private readonly Dictionary<int, ClaimWatch> watches = [];

    /// <summary>A digest as bytes, the lowest first.</summary>
    public static byte[] Bytes(UInt128 image)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, image);
        return bytes;
    }

    /// <summary>Shape of an image's values where all are there; null where one is missing.</summary>
    public long[]? TryShape(IReadOnlyList<UInt128> images)
    {
        Refresh();
        return images.All(places.ContainsKey) && places[images[0]].File is { } file ? EmbeddingStore.TryReadShape(file) : null;
    }

    /// <summary>Images that nobody has computed or is computing, for the caller to do so; null where all are there. Waits while others compute the rest.</summary>
    /// <exception cref="OperationCanceledException">Asked for while it waited.</exception>
    public Claimed? Claim(IReadOnlyList<UInt128> images, CancellationToken cancellation = default)
    {
        for (var clock = Stopwatch.StartNew(); ; cancellation.WaitHandle.WaitOne(clock.Elapsed < LongPoll ? Poll : LongPoll))
        {
            cancellation.ThrowIfCancellationRequested();
            Refresh();
            var missing = Enumerable.Range(0, images.Count).Where(image => !places.ContainsKey(images[image])).DistinctBy(image => images[image]).ToList();
            if (missing.Count == 0)
                return null;
            var claimed = new Claimed(this, images, missing);
            if (claimed.HasAny)
                return claimed;
            claimed.Dispose();
        }
    }

    /// <summary>Takes in what was computed, (n, ...) on the CPU, and gives it to the store.</summary>
    public void Add(Claimed claim, Tensor rows)
    {
        var images = claim.Taken;
        own.Add(rows.DetachFromDisposeScope());
        for (var row = 0; row < images.Count; row++)
            places[images[row]] = new(own.Count - 1, null, row);
        store?.Write(network, images, rows);
    }

    /// <summary>The values of all images in their order, (N, ...) on the CPU; null where a file that had some is gone or damaged, which is then known.</summary>
    public Tensor? TryGather(IReadOnlyList<UInt128> images, long[] shape)
    {
        using var scope = NewDisposeScope();
        var all = empty([images.Count, .. shape], ScalarType.Float32);
        foreach (var part in Enumerable.Range(0, images.Count).GroupBy(image => (places[images[image]].Chunk, places[images[image]].File)))
        {
            using var inner = NewDisposeScope();
            if ((part.Key.File is { } file ? EmbeddingStore.TryReadRows(file) : own[part.Key.Chunk]) is not { } rows || !rows.shape.AsSpan(1).SequenceEqual(shape))
            {
                EmbeddingStore.Remove(part.Key.File!);   // or it would be tried first for good
                foreach (var lost in places.Where(place => place.Value.File == part.Key.File).Select(place => place.Key).ToList())
                    places.Remove(lost);
                return null;
            }

            all.index_copy_(0, tensor(part.Select(image => (long)image).ToArray()), rows.index_select(0, tensor(part.Select(image => (long)places[images[image]].Row).ToArray())));
        }

        return all.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => own.ForEach(rows => rows.Dispose());

    private ClaimWatch WatchOf(int part) => watches.TryGetValue(part, out var watch) ? watch : watches[part] = new(FolderClaim.Timeout);

    private void Refresh()
    {
        foreach (var file in store?.FilesOf(network).Where(seen.Add) ?? [])
        {
            var images = EmbeddingStore.TryReadImages(file) ?? [];
            for (var row = 0; row < images.Count; row++)
                places.TryAdd(images[row], new(-1, file, row));
        }
    }

    // in a file, or in memory
    private sealed record Place(int Chunk, string? File, int Row);

    /// <summary>Images that this process alone computes, as long as it lives; others wait for them.</summary>
    public sealed class Claimed : IDisposable
    {
        private readonly EmbeddedImages owner;
        private readonly IReadOnlyList<UInt128> images;
        private readonly Queue<(int Part, List<int> Images)> parts;
        private readonly Queue<int> open = [];
        private readonly List<FolderClaim> claims = [];
        private readonly List<UInt128> taken = [];

        public Claimed(EmbeddedImages owner, IReadOnlyList<UInt128> images, IReadOnlyList<int> missing)
        {
            (this.owner, this.images) = (owner, images);
            // each process begins elsewhere, so that they seldom meet
            var first = Environment.ProcessId * 37 % Parts;
            parts = new(missing.GroupBy(image => (int)(uint)(images[image] % Parts)).OrderBy(part => (part.Key - first + Parts) % Parts).Select(part => (part.Key, part.ToList())));
            HasAny = Open();
        }

        /// <summary>Whether there was any that no other process has.</summary>
        public bool HasAny { get; }

        /// <summary>Digests of the images taken, in their order.</summary>
        public IReadOnlyList<UInt128> Taken => taken;

        /// <summary>Up to so many images by their places; none where there are no more.</summary>
        /// <param name="further">Whether parts may be begun that were not yet.</param>
        public IReadOnlyList<int> TakeMore(int count, bool further)
        {
            while (open.Count < count && further && Open())
            {
            }

            var next = new List<int>();
            while (next.Count < count && open.TryDequeue(out var image))
            {
                next.Add(image);
                taken.Add(images[image]);
            }

            return next;
        }

        /// <inheritdoc/>
        public void Dispose() => claims.ForEach(held => held.Dispose());

        private bool Open()
        {
            while (parts.TryDequeue(out var part))
            {
                if (owner.store is { } store)
                {
                    var (isFree, held) = store.TryClaim(owner.network, part.Part, owner.WatchOf(part.Part));
                    if (!isFree)
                        continue;
                    if (held is not null)
                        claims.Add(held);
                    owner.Refresh();   // somebody may have been here meanwhile
                }

                foreach (var image in part.Images.Where(image => !owner.places.ContainsKey(images[image])))
                    open.Enqueue(image);
                if (open.Count > 0)
                    return true;
            }

            return false;
        }
    }
}
