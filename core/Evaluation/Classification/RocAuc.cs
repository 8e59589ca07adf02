using MedTransfer.Numerics;

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
        return MannWhitney.Superiority(scores, positive);
    }
}
