namespace MedTransfer.Evaluation.Classification;

/// <summary>
/// The area under the receiver operating characteristic: the probability that a positive image scores above a negative one, a tie
/// counted as one half. It equals the Mann-Whitney statistic U / (P N) of P positives and N negatives (Hanley and McNeil 1982,
/// Radiology 143:29-36).
/// </summary>
public static class RocAuc
{
    /// <summary>
    /// The area, 0 to 1, exact but for one rounding; null without both positives and negatives. O(n log n).
    /// </summary>
    /// <param name="scores">One finite number an image; only their order matters.</param>
    /// <param name="positive">Whether the image is positive, in the same order.</param>
    public static double? Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive)
    {
        ScoredImages.RequireFinite(scores, positive, "ROC AUC");
        var sorted = scores.ToArray();
        var labels = positive.ToArray();
        Array.Sort(sorted, labels);

        // Twice U, in whole numbers: within a tie each pair counts 1, a positive counts 2 for each negative below the tie.
        long twiceU = 0, positives = 0, negatives = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            long tiedPositives = 0;
            for (end = start; end < sorted.Length && sorted[end] == sorted[start]; end++)
                tiedPositives += labels[end] ? 1 : 0;

            var tiedNegatives = end - start - tiedPositives;
            twiceU += tiedPositives * (2 * negatives + tiedNegatives);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }

        return positives == 0 || negatives == 0 ? null : twiceU / (2.0 * positives * negatives);
    }
}
