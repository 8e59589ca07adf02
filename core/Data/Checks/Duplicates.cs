namespace MedTransfer.Data.Checks;

/// <summary>Images that occur twice, pixel by pixel or nearly. Those of one colour are no duplicates.</summary>
internal static class Duplicates
{
    private const string Learnt = "tell in part what was learnt by heart", Chosen = "tell in part by what choices were made";

    public static IEnumerable<Leak> Leaks(DatasetStatistics statistics) => LeaksOf(LeakKind.TrainInTest, statistics[SplitName.Train], statistics, SplitName.Test, "in train");

    /// <summary>Images that weights are pretrained on among those that they are scored on.</summary>
    public static IEnumerable<Leak> LeaksBetween(DatasetStatistics source, DatasetStatistics target) =>
        LeaksOf(LeakKind.SourceInTest, source[SplitName.Train], target, target.Tested, InSource(source));

    public static IEnumerable<string> Notes(DatasetStatistics statistics) =>
    [
        .. Shared(statistics[SplitName.Train], statistics, SplitName.Validation, "in train", Learnt),
        .. Shared(statistics[SplitName.Validation], statistics, SplitName.Test, "in validation", Chosen),
        .. statistics.Filled.SelectMany(split => WithinSplit(statistics, split)),
        .. NearlySame(statistics),
    ];

    public static IEnumerable<string> NotesBetween(DatasetStatistics source, DatasetStatistics target) =>
    [
        .. Shared(source[SplitName.Train], target, SplitName.Validation, InSource(source), Learnt),
        .. Shared(source[SplitName.Validation], target, target.Tested, $"in validation of the source, {source.Data.Info.Name},", Chosen),
        .. NearlySameBetween(source, target),
    ];

    private static string Criterion => FormattableString.Invariant(
        $"perceptual hashes within {NearDuplicates.MostBits} of 128 bits, correlation {NearDuplicates.LeastCorrelation} or more, {NearDuplicates.LeastPartial} minus the mean image");

    private static string InSource(DatasetStatistics source) => $"in the source, {source.Data.Info.Name},";

    private static IEnumerable<Leak> LeaksOf(LeakKind kind, IReadOnlyList<ImageStatistics> learnt, DatasetStatistics statistics, SplitName tested, string where) =>
        Shared(learnt, statistics, tested, where, Learnt).Select(sentence => new Leak(kind, sentence[..^1]));

    private static IEnumerable<string> Shared(IReadOnlyList<ImageStatistics> first, DatasetStatistics statistics, SplitName split, string where, string what)
    {
        var known = first.Select(image => image.Digest).OfType<UInt128>().ToHashSet();
        var shared = statistics[split].Count(image => image.Digest is { } digest && known.Contains(digest));
        if (shared > 0)
            yield return $"{OfImages(shared, statistics, split)} {(shared == 1 ? "is" : "are")} {where} too, pixel by pixel: scores on {ScoredOn(split)} {what}.";
    }

    // labels of test are not read
    private static IEnumerable<string> WithinSplit(DatasetStatistics statistics, SplitName split)
    {
        var images = statistics[split];
        var groups = Enumerable.Range(0, images.Count).Where(image => !images[image].IsBlank).GroupBy(image => images[image].Digest).Where(group => group.Skip(1).Any()).Select(group => group.ToList()).ToList();
        if (groups.Count == 0 || groups[0].Count == images.Count) yield break;
        var labels = statistics.Data[split].Labels;
        var contradicting = split == SplitName.Test ? 0 : groups.Count(group => group.Exists(image => labels.Contradict(image, group[0])));
        var labelled = contradicting == 0 ? "" : $"; {Counts.Of(contradicting, "image has", "images have")} different labels there, of which one at most is right";
        var repeated = groups.Sum(group => group.Count - 1);
        yield return $"{OfImages(repeated, statistics, split)} {(repeated == 1 ? "repeats" : "repeat")} another one of it, pixel by pixel{labelled}.";
    }

    private static IEnumerable<string> NearlySame(DatasetStatistics statistics)
    {
        var all = statistics.Filled.SelectMany(split => statistics[split].Select((image, place) => (Split: split, Image: image, Patient: statistics.Data[split].Groups?[place]))).ToList();
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
        var (learnt, tested) = (source[SplitName.Train], target[target.Tested]);
        var near = NearDuplicates.Between([.. learnt.Select(image => image.Thumbnail)], [.. tested.Select(image => image.Thumbnail)])
            .Where(pair => learnt[pair.First].Digest != tested[pair.Second].Digest)
            .Select(pair => pair.Second).Distinct().Count();
        if (near > 0)
            yield return $"{OfImages(near, target, target.Tested)} {(near == 1 ? "is" : "are")} nearly the same as one {InSource(source)} if not the same in another size ({Criterion}): scores on {ScoredOn(target.Tested)} may {Learnt}.";
    }

    private static string ScoredOn(SplitName split) => split == SplitName.Train ? "what folds hold out" : split.Text();

    private static string OfImages(int count, DatasetStatistics statistics, SplitName split) =>
        FormattableString.Invariant($"{count:N0} of {statistics[split].Count:N0} images of {split.Text()}");
}
