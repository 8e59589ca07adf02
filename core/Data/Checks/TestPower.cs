namespace MedTransfer.Data.Checks;

/// <summary>What a test split of that size can tell.</summary>
internal static class TestPower
{
    /// <summary>The difference in AUC that one hopes for, and should be able to see.</summary>
    public const double HopedFor = 0.05;

    private const double Auc = 0.85;

    // of two ways on the same images (Hanley and McNeil 1983, Radiology 148:839-843)
    private const double Correlation = 2.0 / 3;

    // two-sided at 5 %, with a power of 80 %
    private const double Errors = 1.96 + 0.84;

    /// <summary>The standard error of an AUC of 0.85 (Hanley and McNeil 1982, Radiology 143:29-36).</summary>
    /// <param name="positive">Images with the label, above 0.</param>
    /// <param name="negative">Images without, above 0.</param>
    public static double StandardError(double positive, double negative)
    {
        var (q1, q2) = (Auc / (2 - Auc), 2 * Auc * Auc / (1 + Auc));
        return Math.Sqrt((Auc * (1 - Auc) + (positive - 1) * (q1 - Auc * Auc) + (negative - 1) * (q2 - Auc * Auc)) / (positive * negative));
    }

    /// <summary>A sentence where a difference of <see cref="HopedFor"/> can't be told from none; the rarest label decides, at the share that it has in train.</summary>
    public static string? Note(Dataset data)
    {
        var (images, counts, known) = (data.Test.Count, data.LabelCounts(SplitName.Train), data.KnownCounts(SplitName.Train));
        var rarest = Enumerable.Range(0, counts.Length).Where(label => counts[label] > 0 && counts[label] < known[label])
            .OrderBy(label => Math.Min(Share(label), 1 - Share(label))).Select(label => (int?)label).FirstOrDefault();
        if (images == 0 || rarest is not { } label) return null;
        var positive = Math.Clamp(Share(label) * images, 1, Math.Max(1, images - 1));
        var error = StandardError(positive, Math.Max(1, images - positive));
        var difference = Errors * error * Math.Sqrt(2 * (1 - Correlation));
        if (difference <= HopedFor) return null;
        var of = counts.Length > 2 || data.Info.Task == LabelTask.MultiLabel ? $" of {OneLine.Quote(data.Info.LabelNames[label])}" : "";
        return FormattableString.Invariant($"Only {images:N0} {(images == 1 ? "image" : "images")} in test: an AUC{of} of {Auc} has a standard error of some {error:0.00} there, and a difference between two ways below {difference:0.00} can hardly be shown.");

        double Share(int label) => (double)counts[label] / known[label];
    }
}
