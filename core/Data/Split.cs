using System.Buffers.Binary;
using System.IO.Hashing;
using MedTransfer.Data.Images;
using TorchSharp;

namespace MedTransfer.Data;

/// <summary>One split of a dataset: images and their labels.</summary>
/// <param name="Source">The images, grey levels from 0 to 255, on the CPU.</param>
/// <param name="Labels">Of all images, in their order.</param>
/// <param name="Groups">One identifier an image (a patient) where the file has them, else null.</param>
public sealed record Split(IImageSource Source, Labels Labels, long[]? Groups) : IDisposable
{
    private torch.Tensor? images;
    private IReadOnlyList<UInt128?>? digests;

    /// <summary>A split of images in memory.</summary>
    /// <param name="images">uint8 (N, C, H, W) on the CPU, which the split owns from now on.</param>
    public Split(torch.Tensor images, Labels labels, long[]? groups)
        : this(new ImagesInMemory(images), labels, groups)
    {
    }

    // each has what it was asked for
    private Split(Split other) => (Source, Labels, Groups, FileIndices) = (other.Source, other.Labels, other.Groups, other.FileIndices);

    /// <summary>Number of images.</summary>
    public int Count => Source.Count;

    /// <summary>All images as one tensor, uint8 (N, C, H, W), for as long as the split is there: where it is a large part of a set, a copy that is made when it is first asked for.</summary>
    public torch.Tensor Images => images ??= Source.Batch(0, Count).DetachFromDisposeScope();

    /// <summary>Each image's index in its split of the file, where this is a part of it; null where the split is whole.</summary>
    public IReadOnlyList<int>? FileIndices { get; init; }

    /// <summary>The images at these places, in this order, with their labels and groups; the caller disposes of it.</summary>
    public Split Subset(IReadOnlyList<int> indices) =>
        new(Source.Subset(indices), Labels.Rows(indices), Groups is null ? null : [.. indices.Select(index => Groups[index])])
        {
            FileIndices = [.. indices.Select(index => FileIndices?[index] ?? index)],
        };

    /// <summary>The images of two splits of one file as one; those of the second are numbered on from the first's. The caller disposes of it.</summary>
    public static Split Joined(Split first, Split second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var isPart = first.FileIndices is not null || second.FileIndices is not null;
        return new(JoinedImages.Of(first.Source, second.Source), Labels.Joined(first.Labels, second.Labels), GroupsOf(first, second))
        {
            FileIndices = isPart ? [.. first.IndicesInFile, .. second.IndicesInFile.Select(index => index + LengthInFile(first))] : null,
        };
    }

    // an image of nobody known stands for itself, by a number that no patient has
    private static long[]? GroupsOf(Split first, Split second)
    {
        if (first.Groups is null && second.Groups is null) return null;
        var free = Math.Min(first.Groups?.DefaultIfEmpty().Min() ?? 0, second.Groups?.DefaultIfEmpty().Min() ?? 0) - 1;
        long[] Of(Split split) => split.Groups ?? [.. Enumerable.Range(0, split.Count).Select(image => free - image)];
        return [.. Of(first), .. Of(second)];
    }

    private IEnumerable<int> IndicesInFile => FileIndices ?? Enumerable.Range(0, Count);

    // of an excerpt no one knows; after its last image will do
    private static int LengthInFile(Split split) => split.FileIndices is { Count: > 0 } indices ? indices.Max() + 1 : split.Count;

    /// <summary>One image as a PNG, grey or RGB.</summary>
    public byte[] Png(int index)
    {
        using var scope = torch.NewDisposeScope();
        var rows = Source.Batch(index, index + 1)[0].permute(1, 2, 0).contiguous();
        return Formats.Png.Encode(rows.data<byte>().ToArray(), (int)rows.shape[1], (int)rows.shape[0], (int)rows.shape[2]);
    }

    /// <summary>
    /// Knows the same images again, in whatever order, file and with whatever labels: 32 lower-case hexadecimal digits, the XXH128 of their
    /// shape and of the sorted XXH128 of the pixels of each.
    /// </summary>
    public string ImagesDigest()
    {
        var (channels, height, width) = Source.Shape;
        var each = OfEach(planes => XxHash128.HashToUInt128(planes));
        Array.Sort(each);
        var all = new XxHash128();
        Span<byte> number = stackalloc byte[16];
        foreach (var part in each.Prepend((UInt128)width).Prepend((UInt128)height).Prepend((UInt128)channels))
        {
            BinaryPrimitives.WriteUInt128BigEndian(number, part);
            all.Append(number);
        }

        return Convert.ToHexStringLower(all.GetCurrentHash());
    }

    /// <summary>Knows the pixels of each image again, see <see cref="DigestOf"/>.</summary>
    internal IReadOnlyList<UInt128?> PixelDigests => digests ??= OfEach(planes => DigestOf(planes, Source.Shape.Channels));

    /// <summary>Knows an image's pixels again, grey ones also where they are kept as red, green and blue; null where they are of one colour.</summary>
    /// <param name="planes">The channels one after the other.</param>
    internal static UInt128? DigestOf(ReadOnlySpan<byte> planes, int channels)
    {
        var length = planes.Length / channels;
        var first = planes[..length];
        var (isGrey, isEven) = (true, true);
        for (var plane = planes; plane.Length > 0; plane = plane[length..])
        {
            isGrey = isGrey && plane[..length].SequenceEqual(first);
            isEven = isEven && !plane[..length].ContainsAnyExcept(plane[0]);
        }
        return isEven ? null : XxHash128.HashToUInt128(isGrey ? first : planes);
    }

    /// <summary>What is found of each image's pixels, its channels one after the other; on all cores.</summary>
    internal unsafe T[] OfEach<T>(OfPixels<T> find, CancellationToken cancellation = default)
    {
        var (channels, height, width) = Source.Shape;
        var (found, length) = (new T[Count], channels * height * width);
        for (int start = 0, block = Math.Max(1, (1 << 26) / Math.Max(1, length)); start < Count; start += block)
        {
            using var batch = Source.Batch(start, Math.Min(start + block, Count));
            var first = start;
            fixed (byte* pinned = batch.bytes)
            {
                var pixels = pinned;   // of the batch itself: a copy of all would be as large as the set
                Parallel.For(0, Math.Min(block, Count - start), new ParallelOptions { CancellationToken = cancellation }, place => found[first + place] = find(new(pixels + (long)place * length, length)));
            }
        }
        return found;
    }

    /// <summary>Finds something of an image's pixels.</summary>
    internal delegate T OfPixels<out T>(ReadOnlySpan<byte> planes);

    /// <summary>The same images, without a copy, under another owner: either may be disposed of without harm to the other.</summary>
    internal Split Share() => this with { Source = Source.Share() };

    /// <inheritdoc/>
    public void Dispose()
    {
        Source.Dispose();
        images?.Dispose();
    }
}

/// <summary>The three disjoint parts of a dataset.</summary>
public enum SplitName
{
    /// <summary>Images the model is trained on.</summary>
    Train,

    /// <summary>Images on which choices are made.</summary>
    Validation,

    /// <summary>Images that are read once, after every choice.</summary>
    Test,
}

/// <summary>All splits, and their names in words.</summary>
public static class SplitNames
{
    /// <summary>Train, validation, test.</summary>
    public static SplitName[] All => [SplitName.Train, SplitName.Validation, SplitName.Test];

    /// <summary>The split that folders and tables mean by a word, in upper or lower case; null where it means none.</summary>
    public static SplitName? TryParse(string word)
    {
        var plain = word.ToUpperInvariant();
        foreach (var ending in new[] { "_SET", "-SET", " SET", "SET", "_DATA", "_IMAGES", "_SPLIT" })
        {
            if (!plain.EndsWith(ending, StringComparison.Ordinal)) continue;
            plain = plain[..^ending.Length];
            break;
        }
        return plain switch
        {
            "TRAIN" or "TRAINING" => SplitName.Train,
            "VAL" or "VALID" or "VALIDATION" => SplitName.Validation,
            "TEST" or "TESTING" => SplitName.Test,
            _ => null,
        };
    }

    /// <summary><c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public static string Text(this SplitName split) => split switch
    {
        SplitName.Train => "train",
        SplitName.Validation => "validation",
        _ => "test",
    };
}
