namespace MedTransfer.Data.Checks;

/// <summary>What a test split of that size can tell of ways that are compared on it.</summary>
internal static class TestPower
{
    /// <summary>The difference in AUC that one would want to see.</summary>
    public const double SmallestOfInterest = 0.05;

    private const double Auc = 0.85;

    // assumed of the AUCs of two ways on the same images; how it lowers the error of a difference is Hanley and McNeil's (1983, Radiology 148:839-843)
    private const double Correlation = 2.0 / 3;

    // standard normal quantiles: two-sided at 5 %, with a power of 80 %
    private const double Quantiles = 1.96 + 0.84;

    /// <summary>The standard error of an AUC of 0.85 (Hanley and McNeil 1982, Radiology 143:29-36).</summary>
    /// <param name="positive">Cases with the label, 1 or more.</param>
    /// <param name="negative">Cases without, 1 or more.</param>
    public static double StandardError(int positive, int negative)
    {
        var (q1, q2) = (Auc / (2 - Auc), 2 * Auc * Auc / (1 + Auc));
        return Math.Sqrt((Auc * (1 - Auc) + (positive - 1) * (q1 - Auc * Auc) + (negative - 1) * (q2 - Auc * Auc)) / ((double)positive * negative));
    }

    /// <summary>The difference in AUC that is found significant in four of five studies, given the standard error of either AUC.</summary>
    public static double DetectableDifference(double standardError) => Quantiles * standardError * Math.Sqrt(2 * (1 - Correlation));

    /// <summary>
    /// A sentence where a difference of <see cref="SmallestOfInterest"/> can hardly be told from none. Patients count, where they are known, as a patient's images
    /// say much the same; of several classes or findings the mean over those that have both kinds of case.
    /// </summary>
    public static string? Note(Dataset data)
    {
        var errors = StandardErrors(data, SplitName.Test, share: 1);
        if (errors.Count == 0) return null;
        var error = errors.Average();
        var difference = DetectableDifference(error);
        if (difference <= SmallestOfInterest) return null;
        var count = data.Test.Groups is { } groups ? $"{Counts.Of(data.Test.Count, "image")} of {Counts.Of(groups.Distinct().Count(), "patient")}" : Counts.Of(data.Test.Count, "image");
        var mean = errors.Count > 1 ? ", in the mean over labels" : "";
        return FormattableString.Invariant($"Only {count} in test: an AUC of {Auc} has a standard error of some {error:0.00} there{mean}, and a difference between two ways below {difference:0.00} can hardly be shown.");
    }

    /// <summary>
    /// The same of a split, or of a share of it; of several labels of the mean of their AUCs, whose errors are taken as independent. Null where it has no case with a label and one
    /// without.
    /// </summary>
    public static double? DetectableDifference(Dataset data, SplitName split, double share = 1) =>
        StandardErrors(data, split, share) is { Count: > 0 } errors ? DetectableDifference(Math.Sqrt(errors.Sum(error => error * error)) / errors.Count) : null;

    // of each label that there are both kinds of case of
    private static List<double> StandardErrors(Dataset data, SplitName split, double share)
    {
        if (data[split].Count == 0 || data.Info.Outputs == 0) return [];
        // of two classes both say the same
        var labels = data.Info.HasTwoClasses ? [1] : Enumerable.Range(0, data.Info.Outputs);
        return [.. labels.Select(label => Cases(data, data[split], label)).Select(cases => (Positive: (int)(share * cases.Positive), Negative: (int)(share * cases.Negative)))
            .Where(cases => cases is { Positive: > 0, Negative: > 0 }).Select(cases => StandardError(cases.Positive, cases.Negative))];
    }

    // how many images, or patients, have a label, and how many have none
    private static (int Positive, int Negative) Cases(Dataset data, Split split, int label)
    {
        var (labels, areFindings, groups) = (split.Labels, data.Info.Task == LabelTask.MultiLabel, split.Groups);
        int Of(Func<int, bool> belongs)
        {
            var images = Enumerable.Range(0, labels.Count).Where(belongs);
            return groups is null ? images.Count() : images.Select(image => groups[image]).Distinct().Count();
        }
        return areFindings
            ? (Of(image => labels[image, label] == 1), Of(image => labels[image, label] == 0))
            : (Of(image => labels[image, 0] == label), Of(image => labels[image, 0] != label));
    }
}
