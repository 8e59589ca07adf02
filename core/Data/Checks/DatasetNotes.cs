using System.Security.Cryptography;

namespace MedTransfer.Data.Checks;

/// <summary>What can be read of a dataset but can hardly be meant, or limits what its scores say.</summary>
internal static class DatasetNotes
{
    // where one image more or less moves an accuracy by more than ways of training differ
    private const int Few = 20;

    private static readonly (SplitName First, SplitName Second)[] Pairs =
        [(SplitName.Train, SplitName.Validation), (SplitName.Train, SplitName.Test), (SplitName.Validation, SplitName.Test)];

    public static IEnumerable<string> Of(Dataset data) =>
    [
        .. new[] { SplitName.Validation, SplitName.Test }.Where(split => data[split].Count is > 0 and < Few).Select(split => OfSize(split, data[split].Count)),
        .. OfMissing(data),
        .. Filled(data).SelectMany(split => OfLabels(data, split)),
        .. OfPatients(data),
        .. OfImages(data),
    ];

    private static IEnumerable<SplitName> Filled(Dataset data) => SplitNames.All.Where(split => data[split].Count > 0);

    private static string OfSize(SplitName split, int images) =>
        FormattableString.Invariant($"Only {images} {(images == 1 ? "image" : "images")} in {split.Text()}: each moves an accuracy there by {1.0 / images:0.00}, and no score there tells ways of training apart.");

    private static IEnumerable<string> OfMissing(Dataset data)
    {
        string[] splits = [.. SplitNames.All.Where(split => data[split].Labels.HasMissing).Select(split => In(split, data[split].Labels))];
        if (splits.Length > 0) yield return $"Findings are missing (NaN or empty) {string.Join(", ", splits)}; they are left out of loss and scores.";

        static string In(SplitName split, Labels labels)
        {
            var unknown = Enumerable.Range(0, labels.Count).Count(labels.AllMissing);
            var images = unknown == 0 ? "" : FormattableString.Invariant($" ({unknown:N0} {(unknown == 1 ? "image has" : "images have")} none that is known)");
            return FormattableString.Invariant($"in {split.Text()}: {labels.MissingCount:N0} of {labels.Flat.Length:N0}{images}");
        }
    }

    // A class that does not occur has no ROC AUC, and scores over classes are means over the others.
    private static IEnumerable<string> OfLabels(Dataset data, SplitName split)
    {
        var counts = data.LabelCounts(split);
        var areFindings = data.Info.Task == LabelTask.MultiLabel;
        var known = data.KnownCounts(split);
        var never = Labels(k => counts[k] == 0 && known[k] > 0);
        var always = Labels(k => areFindings && counts[k] == known[k] && known[k] > 0);
        var unknown = Labels(k => known[k] == 0);
        if (never.Length + always.Length + unknown.Length == 0) yield break;
        var (verb, kind) = areFindings ? ("has", "findings") : ("is of", "classes");
        var (perhaps, ofThose) = data[split].Labels.HasMissing ? ("is known to have", " of which it is known") : (verb, "");
        string[] said =
        [
            .. never.Length == 0 ? [] : new[] { $"no image of {split.Text()} {perhaps} {OneLine.List(never)}" },
            .. always.Length == 0 ? [] : new[] { $"every image of {split.Text()}{ofThose} {verb} {OneLine.List(always)}" },
            .. unknown.Length == 0 ? [] : new[] { $"of no image of {split.Text()} it is known whether it has {OneLine.List(unknown)}" },
        ];
        var what = string.Join(", ", said);
        var occurring = counts.Length - never.Length - always.Length - unknown.Length;
        var defined = !areFindings && occurring < 2 ? 0 : occurring;   // one class has none to be told from
        var auc = defined == 0 ? "ROC AUC is undefined there" : $"ROC AUC there is a mean over {defined} of {counts.Length} {kind}";
        yield return $"{char.ToUpperInvariant(what[0])}{what[1..]}: {auc}.";

        string[] Labels(Func<int, bool> are) => [.. Enumerable.Range(0, counts.Length).Where(are).Select(k => data.Info.LabelNames[k])];
    }

    private static IEnumerable<string> OfPatients(Dataset data)
    {
        var known = Filled(data).Where(split => data[split].Groups is not null).ToList();
        if (known.Count > 0 && known.Count < Filled(data).Count())
            yield return $"Patients are known in {string.Join(" and ", known.Select(split => split.Text()))} alone: whether another split has images of the same patients can't be seen.";
        foreach (var (first, second) in Pairs)
        {
            if (data[first].Groups is not { } one || data[second].Groups is not { } other) continue;
            var shared = one.Intersect(other).Count();
            if (shared > 0)
                yield return $"{shared} of {other.Distinct().Count()} patients of {second.Text()} are in {first.Text()} too: scores on {second.Text()} tell in part what was learnt of these very patients.";
        }
    }

    private static IEnumerable<string> OfImages(Dataset data)
    {
        var looks = SplitNames.All.Select(split => Look.At(data[split])).ToArray();
        foreach (var (split, look) in SplitNames.All.Zip(looks).Where(look => data[look.First].Count > 0))
        {
            var images = data[split].Count;
            if (look.IsDark)
            {
                yield return $"All pixels of {split.Text()} are 0 or 1 of 255, all but black: were images from 0 to 1 saved as whole numbers, or divided by 255 twice?";
                continue;
            }
            if (look.Blank > 0) yield return $"{look.Blank} of {images} images of {split.Text()} are of one grey level throughout.";
            if (images > 1 && look.Blank == 0 && look.Digests.Distinct().Count() == 1) yield return $"All {images} images of {split.Text()} are the same, pixel by pixel.";
        }
        foreach (var (first, second) in Pairs)
        {
            var known = looks[(int)first].Digests.ToHashSet();
            var repeated = looks[(int)second].Digests.Count(known.Contains);
            if (repeated > 0)
                yield return $"{repeated} of {data[second].Count} images of {second.Text()} are in {first.Text()} too, pixel by pixel: scores on {second.Text()} tell in part what was learnt by heart.";
        }
    }

    /// <summary>One pass over a split's pixels.</summary>
    /// <param name="IsDark">Whether no pixel is above 1 of 255.</param>
    /// <param name="Blank">Images all of whose pixels are equal.</param>
    /// <param name="Digests">The start of each other image's SHA-256.</param>
    private sealed record Look(bool IsDark, int Blank, IReadOnlyList<UInt128> Digests)
    {
        private const int Block = 1024;

        public static Look At(Split split)
        {
            if (split.Count == 0) return new(false, 0, []);
            var (isDark, blank, digests) = (true, 0, new List<UInt128>(split.Count));
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            for (var start = 0; start < split.Count; start += Block)
            {
                using var batch = split.Source.Batch(start, Math.Min(start + Block, split.Count));
                var all = batch.bytes;
                for (var length = all.Length / (int)batch.shape[0]; all.Length > 0; all = all[length..])
                {
                    var pixels = all[..length];
                    isDark = isDark && !pixels.ContainsAnyExceptInRange((byte)0, (byte)1);
                    if (pixels.IndexOfAnyExcept(pixels[0]) < 0)
                    {
                        blank++;
                        continue;
                    }
                    SHA256.HashData(pixels, digest);
                    digests.Add(BitConverter.ToUInt128(digest));
                }
            }
            return new(isDark, blank, digests);
        }
    }
}
