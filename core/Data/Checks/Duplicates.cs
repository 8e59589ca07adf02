namespace MedTransfer.Data.Checks;

/// <summary>Images that occur twice, pixel by pixel or nearly. Those of one colour are no duplicates.</summary>
internal static class Duplicates
{
    private const string Learnt = "tell in part what was learnt by heart", Chosen = "tell in part by what choices were made";

    public static IEnumerable<Leak> Leaks(DatasetStatistics look) => LeaksOf(LeakKind.TrainInTest, look[SplitName.Train], look, "in train");

    /// <summary>Images that weights are pretrained on among those that they are scored on.</summary>
    public static IEnumerable<Leak> LeaksBetween(DatasetStatistics source, DatasetStatistics target) =>
        LeaksOf(LeakKind.SourceInTest, source[SplitName.Train], target, InSource(source));

    public static IEnumerable<string> Notes(DatasetStatistics look) =>
    [
        .. Shared(look[SplitName.Train], look, SplitName.Validation, "in train", Learnt),
        .. Shared(look[SplitName.Validation], look, SplitName.Test, "in validation", Chosen),
        .. look.Filled.SelectMany(split => WithinSplit(look, split)),
        .. NearlySame(look),
    ];

    public static IEnumerable<string> NotesBetween(DatasetStatistics source, DatasetStatistics target) =>
    [
        .. Shared(source[SplitName.Train], target, SplitName.Validation, InSource(source), Learnt),
        .. Shared(source[SplitName.Validation], target, SplitName.Test, $"in validation of the source, {source.Data.Info.Name},", Chosen),
        .. NearlySameBetween(source, target),
    ];

    private static string Criterion => FormattableString.Invariant(
        $"perceptual hashes within {NearDuplicates.MostBits} of 128 bits, correlation {NearDuplicates.LeastCorrelation} or more, {NearDuplicates.LeastPartial} less the mean image");

    private static string InSource(DatasetStatistics source) => $"in the source, {source.Data.Info.Name},";

    private static IEnumerable<Leak> LeaksOf(LeakKind kind, IReadOnlyList<ImageStatistics> learnt, DatasetStatistics look, string where) =>
        Shared(learnt, look, SplitName.Test, where, Learnt).Select(sentence => new Leak(kind, sentence[..^1]));

    private static IEnumerable<string> Shared(IReadOnlyList<ImageStatistics> first, DatasetStatistics look, SplitName split, string where, string what)
    {
        var known = first.Select(image => image.Digest).OfType<UInt128>().ToHashSet();
        var shared = look[split].Count(image => image.Digest is { } digest && known.Contains(digest));
        if (shared > 0)
            yield return $"{OfImages(shared, look, split)} {(shared == 1 ? "is" : "are")} {where} too, pixel by pixel: scores on {split.Text()} {what}.";
    }

    // labels of test are not read
    private static IEnumerable<string> WithinSplit(DatasetStatistics look, SplitName split)
    {
        var images = look[split];
        var groups = Enumerable.Range(0, images.Count).Where(image => !images[image].IsBlank).GroupBy(image => images[image].Digest).Where(group => group.Skip(1).Any()).Select(group => group.ToList()).ToList();
        if (groups.Count == 0 || groups[0].Count == images.Count) yield break;
        var labels = look.Data[split].Labels;
        var contradicting = split == SplitName.Test ? 0 : groups.Count(group => group.Exists(image => labels.Contradict(image, group[0])));
        var labelled = contradicting == 0 ? "" : $"; {Counts.Of(contradicting, "image has", "images have")} different labels there, of which one at most is right";
        var repeated = groups.Sum(group => group.Count - 1);
        yield return $"{OfImages(repeated, look, split)} {(repeated == 1 ? "repeats" : "repeat")} another one of it, pixel by pixel{labelled}.";
    }

    private static IEnumerable<string> NearlySame(DatasetStatistics look)
    {
        var all = look.Filled.SelectMany(split => look[split].Select((image, place) => (Split: split, Image: image, Patient: look.Data[split].Groups?[place]))).ToList();
        var pairs = NearDuplicates.Find([.. all.Select(entry => entry.Image.Thumbnail)])
            .Select(pair => (First: all[pair.First], Second: all[pair.Second]))
            // a patient's images may look alike, and are on one side
            .Where(pair => pair.First.Image.Digest != pair.Second.Image.Digest && !(pair.First.Split == pair.Second.Split && pair.First.Patient is { } patient && patient == pair.Second.Patient))
            .CountBy(pair => (First: pair.First.Split, Second: pair.Second.Split)).OrderBy(pair => pair.Key).ToList();
        if (pairs.Count == 0) yield break;
        var counts = pairs.Select(pair => FormattableString.Invariant($"{pair.Value:N0} {(pair.Key.First == pair.Key.Second ? $"within {pair.Key.First.Text()}" : $"between {pair.Key.First.Text()} and {pair.Key.Second.Text()}")}"));
        yield return $"Pairs of images that are nearly the same ({Criterion}): {string.Join(", ", counts)}. Nothing keeps them on one side of splits or folds, and where two sides share them, scores may {Learnt}.";
    }

    private static IEnumerable<string> NearlySameBetween(DatasetStatistics source, DatasetStatistics target)
    {
        var (learnt, test) = (source[SplitName.Train], target[SplitName.Test]);
        var near = NearDuplicates.Between([.. learnt.Select(image => image.Thumbnail)], [.. test.Select(image => image.Thumbnail)])
            .Where(pair => learnt[pair.First].Digest != test[pair.Second].Digest)
            .Select(pair => pair.Second).Distinct().Count();
        if (near > 0)
            yield return $"{OfImages(near, target, SplitName.Test)} {(near == 1 ? "is" : "are")} nearly the same as one {InSource(source)} if not the same in another size ({Criterion}): scores on test may {Learnt}.";
    }

    private static string OfImages(int count, DatasetStatistics look, SplitName split) =>
        FormattableString.Invariant($"{count:N0} of {look[split].Count:N0} images of {split.Text()}");
}
