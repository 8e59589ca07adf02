using MathNet.Numerics.RootFinding;
using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Evaluation.Calibration;

/// <summary>
/// The logistic regression of labels on logit(p) = log(p / (1 - p)) (Cox 1958, Biometrika 45:562-565), by maximum likelihood: well calibrated
/// probabilities have slope 1 and intercepts 0.
/// </summary>
/// <param name="Slope">
/// Below 1, the probabilities are too extreme, as those of an overfitted model; above 1 too timid. Null where a threshold parts positives from
/// negatives (ties at it aside), or all probabilities are equal: the likelihood then has no finite maximum.
/// </param>
/// <param name="Intercept">Fitted together with the slope, in units of log odds; null where the slope is.</param>
/// <param name="InTheLarge">
/// The intercept with the slope held at 1, "calibration in the large": above 0, positives are more frequent than predicted. Null where all
/// images are positive, or none is.
/// </param>
public sealed record LogisticRecalibration(double? Slope, double? Intercept, double? InTheLarge)
{
    /// <summary>Probabilities nearer to 0 or 1 than this count as this near: the logit of 0 and 1 is infinite.</summary>
    public const double Clip = 1e-6;

    /// <summary>Fits both lines.</summary>
    /// <param name="probabilities">Of the positive class, one an image.</param>
    /// <param name="positive">Whether the image is positive, in the same order.</param>
    public static LogisticRecalibration Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive)
    {
        ScoredImages.RequireProbabilities(probabilities, positive, "recalibration");
        var logits = Array.ConvertAll(probabilities.ToArray(), Logit);
        var labels = positive.ToArray();
        var positives = labels.Count(label => label);
        if (positives == 0 || positives == labels.Length)
            return new(null, null, null);

        var line = AreSeparable(logits, labels) ? null : LogisticLine.Fit(logits, labels);
        var inTheLarge = Brent.FindRootExpand(
            shift => logits.Sum(logit => LogisticLine.Sigmoid(logit + shift)) - positives,
            -1, 1, accuracy: 1e-14, maxIterations: 1000, expandFactor: 2, maxExpandIteratons: 1000);
        return new(line?.Slope, line?.Intercept, inTheLarge);
    }

    private static double Logit(float probability)
    {
        var p = Math.Clamp(probability, Clip, 1 - Clip);
        return Math.Log(p / (1 - p));
    }

    private static bool AreSeparable(double[] logits, bool[] labels)
    {
        var (ofPositives, ofNegatives) = (logits.Where((_, i) => labels[i]).ToArray(), logits.Where((_, i) => !labels[i]).ToArray());
        return ofNegatives.Max() <= ofPositives.Min() || ofPositives.Max() <= ofNegatives.Min();
    }
}
