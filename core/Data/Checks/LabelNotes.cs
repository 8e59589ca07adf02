using MedTransfer.Data.Resampling;

namespace MedTransfer.Data.Checks;

/// <summary>Labels that are missing, classes that are missing from a split, splits too small to tell anything.</summary>
internal static class LabelNotes
{
    // where one image more or less moves an accuracy by more than ways of training differ
    private const int Few = 20;

    public static IEnumerable<string> Of(Dataset data) =>
    [
        .. data.Validation.Count is > 0 and < Few ? new[] { OfSize(data.Validation.Count) } : [],
        .. OfMissing(data),
        .. SplitNames.All.Where(split => data[split].Count > 0).SelectMany(split => OfLabels(data, split)),
    ];

    /// <summary>Where folds of train are tested: labels that some fold can't have, as there are fewer images with them than folds, or fewer without.</summary>
    public static IEnumerable<string> OfFolds(Dataset data)
    {
        var folds = new ResamplingOptions().Folds;
        var (counts, known) = (data.LabelCounts(SplitName.Train), data.KnownCounts(SplitName.Train));
        string[] Named(Func<int, bool> isRare) => [.. Enumerable.Range(0, counts.Length).Where(label => counts[label] > 0 && isRare(label)).Select(label => data.Info.LabelNames[label])];
        string Scores(string[] labels, string what) => $"scores of folds {what} {(labels.Length == 1 ? "it" : "them")} are means over the others.";
        if (Named(label => counts[label] < folds) is { Length: > 0 } rare)
            yield return $"Fewer than {folds} images are of {OneLine.List(rare)}: {Scores(rare, "without")}";
        // of classes, what is rare among the others is said of them
        if (data.Info.Task == LabelTask.MultiLabel && Named(label => known[label] - counts[label] < folds) is { Length: > 0 } common)
            yield return $"Fewer than {folds} images are without {OneLine.List(common)}: {Scores(common, "that all have")}";
    }

    private static string OfSize(int images) =>
        FormattableString.Invariant($"Only {images} {(images == 1 ? "image" : "images")} in validation: each moves an accuracy there by {1.0 / images:0.00}, and choices made there are made by chance.");

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
}
