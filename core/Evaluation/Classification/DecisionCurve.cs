namespace MedTransfer.Evaluation.Classification;

/// <summary>
/// What acting on a model's probabilities is worth (Vickers and Elkin 2006, Med. Decis. Making 26:565-574). Who treats from a probability
/// pt on holds one missed case to weigh as much as (1 - pt) / pt needless treatments: the net benefit is TP / N - FP / N pt / (1 - pt), in
/// true positives an image. A model helps where it is above both treating all and treating none.
/// </summary>
public static class DecisionCurve
{
    /// <summary>Net benefit of treating nobody, at every threshold.</summary>
    public const double TreatNone = 0;

    /// <summary>The curve at thresholds of .01, .02, ... .99.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{float}, ReadOnlySpan{bool}, IReadOnlyList{double})" path="/param"/>
    public static IReadOnlyList<NetBenefit> Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive) =>
        Of(probabilities, positive, [.. Enumerable.Range(1, 99).Select(percent => percent / 100.0)]);

    /// <summary>The curve, a point a threshold, in their order.</summary>
    /// <param name="probabilities">Of the positive class, one an image.</param>
    /// <param name="positive">Whether the image is positive, in the same order.</param>
    /// <param name="thresholds">Above 0, below 1; treated is who is at one or above.</param>
    public static IReadOnlyList<NetBenefit> Of(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive, IReadOnlyList<double> thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        ScoredImages.RequireProbabilities(probabilities, positive, "decision curve");

        var p = probabilities.ToArray();
        var everyone = Array.ConvertAll(p, _ => true);
        var points = new NetBenefit[thresholds.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var threshold = thresholds[i];
            if (!(threshold is > 0 and < 1))
                throw new MedTransferException(FormattableString.Invariant($"A threshold of a decision curve lies between 0 and 1, not at {threshold}: leave it out."));

            // As a float: an image of .7 is then at the threshold .7, whose nearest float is below it.
            var treated = Array.ConvertAll(p, probability => probability >= (float)threshold);
            points[i] = new(
                threshold,
                Benefit(BinaryCounts.Of(treated, positive), p.Length, threshold),
                Benefit(BinaryCounts.Of(everyone, positive), p.Length, threshold));
        }

        return points;
    }

    private static double Benefit(BinaryCounts counts, int images, double threshold) =>
        (counts.TruePositives - counts.FalsePositives * (threshold / (1 - threshold))) / images;
}

/// <summary>A point of a decision curve, in true positives an image; treating nobody has 0.</summary>
/// <param name="Threshold">The probability from which on one would treat, pt.</param>
/// <param name="Model">Net benefit of treating who is at the threshold or above.</param>
/// <param name="TreatAll">Net benefit of treating everyone.</param>
public readonly record struct NetBenefit(double Threshold, double Model, double TreatAll);
