namespace MedTransfer.Evaluation.Classification;

/// <summary>
/// The area under the precision-recall curve, by steps and not by trapezoids, which flatter (Davis and Goadrich, ICML 2006): the sum over
/// distinct scores, from the highest down, of (R - R of the score above) P, with recall R and precision P of "positive from this score
/// on". Guessing has the share of positives.
/// </summary>
public static class AveragePrecision
{
    /// <summary>The area, above 0 to 1; null without positives. O(n log n).</summary>
    /// <param name="scores">One finite number an image; only their order matters.</param>
    /// <param name="positive">Whether the image is positive, in the same order.</param>
    public static double? Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive)
    {
        ScoredImages.RequireFinite(scores, positive, "average precision");
        var sorted = scores.ToArray();
        var labels = positive.ToArray();
        Array.Sort(sorted, labels);

        // Each step adds its positives times the precision; the division by all positives makes recall of them.
        double area = 0;
        var positives = 0;
        for (int end = sorted.Length, start; end > 0; end = start)
        {
            var tiedPositives = 0;
            for (start = end; start > 0 && sorted[start - 1] == sorted[end - 1]; start--)
                tiedPositives += labels[start - 1] ? 1 : 0;

            positives += tiedPositives;
            area += tiedPositives * ((double)positives / (sorted.Length - start));
        }

        return positives == 0 ? null : area / positives;
    }
}
