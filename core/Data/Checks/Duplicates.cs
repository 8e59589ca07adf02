namespace MedTransfer.Data.Checks;

/// <summary>Images that occur twice, pixel by pixel or nearly. Those of one colour are no duplicates.</summary>
internal static class Duplicates
{
    private const string ByHeart = "tell in part what was learnt by heart";

    public static IEnumerable<Leak> Leaks(DatasetLook look)
    {
        if (Repeated(look[SplitName.Train], look[SplitName.Test]) is > 0 and var repeated)
            yield return new(Leak.TrainInTest, Sentence(repeated, look, SplitName.Test, "in train"));
    }

    /// <summary>Images that weights were pretrained on, or their training was stopped by, among those that they are scored on.</summary>
    public static IEnumerable<Leak> LeaksBetween(DatasetLook source, DatasetLook target)
    {
        if (Repeated(LearntFrom(source), target[SplitName.Test]) is > 0 and var repeated)
            yield return new(Leak.SourceInTest, Sentence(repeated, target, SplitName.Test, $"in the source, {source.Data.Info.Name},"));
    }

    public static IEnumerable<string> Notes(DatasetLook look)
    {
        foreach (var (first, second) in new[] { (SplitName.Train, SplitName.Validation), (SplitName.Validation, SplitName.Test) })
        {
            if (Repeated(look[first], look[second]) is > 0 and var repeated) yield return $"{Sentence(repeated, look, second, $"in {first.Text()}")}.";
        }
        foreach (var split in look.Filled)
        {
            if (OfSplit(look, split) is { } note) yield return note;
        }
        if (OfNear(look) is { } near) yield return near;
    }

    public static IEnumerable<string> NotesBetween(DatasetLook source, DatasetLook target)
    {
        if (Repeated(LearntFrom(source), target[SplitName.Validation]) is > 0 and var repeated)
            yield return $"{Sentence(repeated, target, SplitName.Validation, $"in the source, {source.Data.Info.Name},")}.";
        var (before, test) = (LearntFrom(source), target[SplitName.Test]);
        var near = NearDuplicates.Between([.. before.Select(image => image.Thumbnail)], [.. test.Select(image => image.Thumbnail)])
            .Where(pair => before[pair.First].Digest != test[pair.Second].Digest)
            .Select(pair => pair.Second).Distinct().Count();
        if (near > 0)
            yield return FormattableString.Invariant($"{near:N0} of {test.Count:N0} images of test are nearly the same as one in the source, {source.Data.Info.Name} ({Criterion}): scores on test may {ByHeart}.");
    }

    private static string Criterion => FormattableString.Invariant($"perceptual hashes within {NearDuplicates.MostBits} of 128 bits, correlation {NearDuplicates.LeastCorrelation} or more");

    private static List<ImageLook> LearntFrom(DatasetLook source) => [.. source[SplitName.Train], .. source[SplitName.Validation]];

    private static int Repeated(IReadOnlyList<ImageLook> first, IReadOnlyList<ImageLook> second)
    {
        var known = first.Where(image => !image.IsBlank).Select(image => image.Digest).ToHashSet();
        return second.Count(image => !image.IsBlank && known.Contains(image.Digest));
    }

    private static string Sentence(int repeated, DatasetLook look, SplitName split, string where) =>
        FormattableString.Invariant($"{repeated:N0} of {look[split].Count:N0} images of {split.Text()} are {where} too, pixel by pixel: scores on {split.Text()} {ByHeart}");

    // labels of test are not read
    private static string? OfSplit(DatasetLook look, SplitName split)
    {
        var images = look[split];
        var groups = Enumerable.Range(0, images.Count).Where(image => !images[image].IsBlank).GroupBy(image => images[image].Digest).Where(group => group.Skip(1).Any()).Select(group => group.ToList()).ToList();
        if (groups.Count == 0 || groups[0].Count == images.Count) return null;
        var labels = look.Data[split].Labels;
        var contradicting = split == SplitName.Test ? 0 : groups.Count(group => group.Exists(image => !labels.AreEqual(image, group[0])));
        var labelled = contradicting == 0 ? "" : FormattableString.Invariant($"; {contradicting:N0} {(contradicting == 1 ? "image has" : "images have")} different labels there, of which one at most is right");
        return FormattableString.Invariant($"{groups.Sum(group => group.Count - 1):N0} of {images.Count:N0} images of {split.Text()} repeat another one of it, pixel by pixel{labelled}.");
    }

    private static string? OfNear(DatasetLook look)
    {
        var all = look.Filled.SelectMany(split => look[split].Select((image, place) => (Split: split, Image: image, Patient: look.Data[split].Groups?[place]))).ToList();
        var pairs = NearDuplicates.Find([.. all.Select(entry => entry.Image.Thumbnail)])
            .Select(pair => (First: all[pair.First], Second: all[pair.Second]))
            // a patient's images may look alike, and are on one side
            .Where(pair => pair.First.Image.Digest != pair.Second.Image.Digest && !(pair.First.Split == pair.Second.Split && pair.First.Patient is { } patient && patient == pair.Second.Patient))
            .CountBy(pair => (First: pair.First.Split, Second: pair.Second.Split)).OrderBy(pair => pair.Key).ToList();
        if (pairs.Count == 0) return null;
        var counts = pairs.Select(pair => FormattableString.Invariant($"{pair.Value:N0} {(pair.Key.First == pair.Key.Second ? $"within {pair.Key.First.Text()}" : $"between {pair.Key.First.Text()} and {pair.Key.Second.Text()}")}"));
        var told = pairs.Exists(pair => pair.Key.First != pair.Key.Second) ? $": where splits share them, scores may {ByHeart}" : "";
        return $"Pairs of images that are nearly the same ({Criterion}): {string.Join(", ", counts)}{told}.";
    }
}
