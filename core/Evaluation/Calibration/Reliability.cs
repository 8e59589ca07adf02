using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Evaluation.Calibration;

/// <summary>
/// Whether probabilities mean what they say: of the images given .8, are 80 % positive? Images are put into bins of equal width by their
/// probability (DeGroot and Fienberg 1983, The Statistician 32:12-22).
/// </summary>
/// <param name="Bins">From 0 upwards; empty ones are there too.</param>
/// <param name="ExpectedCalibrationError">
/// Sum over bins of Count / N |ObservedShare - MeanPredicted|, 0 (best) to 1 (Guo, Pleiss, Sun and Weinberger, ICML 2017). It grows with the
/// number of bins and shrinks with that of images, so compare it at equal numbers only.
/// </param>
public sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins, double ExpectedCalibrationError)
{
    /// <summary>Bins by the probability of the positive class: low ones count as much as high ones.</summary>
    /// <param name="probabilities">Of the positive class, one an image.</param>
    /// <param name="positive">Whether the image is positive, in the same order.</param>
    /// <param name="bins">Their number; bin b, from 0, holds b / bins &lt; p &lt;= (b + 1) / bins, the first also p = 0.</param>
    public static Reliability Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive, int bins = 10)
    {
        if (bins < 1)
            throw new MedTransferException($"Reliability needs at least one bin, not {bins}: 10 are usual.");
        ScoredImages.RequireProbabilities(probabilities, positive, "reliability");

        var (counts, predicted, observed) = (new int[bins], new double[bins], new int[bins]);
        for (var i = 0; i < probabilities.Length; i++)
        {
            var bin = Math.Clamp((int)Math.Ceiling((double)probabilities[i] * bins) - 1, 0, bins - 1);
            counts[bin]++;
            predicted[bin] += probabilities[i];
            observed[bin] += positive[i] ? 1 : 0;
        }

        var images = probabilities.Length;
        return new(
            [.. counts.Select((count, b) => ReliabilityBin.Of((double)b / bins, (double)(b + 1) / bins, count, predicted[b], observed[b]))],
            Enumerable.Range(0, bins).Sum(b => Math.Abs(observed[b] - predicted[b]) / images));
    }

    /// <summary>
    /// Bins by the probability of the answer, as Guo et al. have it for any number of classes: "observed" is then the share of right answers.
    /// With two classes no answer is below .5, and the bins there stay empty.
    /// </summary>
    /// <param name="probabilities">(N, K), K at least 2: the softmax of each image.</param>
    /// <param name="labels">(N, 1): the class of each image, 0 to K - 1.</param>
    /// <param name="bins">Their number.</param>
    public static Reliability OfAnswers(float[,] probabilities, byte[,] labels, int bins = 10)
    {
        LabelledPredictions.RequireClasses(probabilities, labels);
        var images = probabilities.GetLength(0);
        var (confidence, right) = (new float[images], new bool[images]);
        for (var i = 0; i < images; i++)
        {
            var answer = LabelledPredictions.Answer(probabilities, i);
            (confidence[i], right[i]) = (probabilities[i, answer], answer == labels[i, 0]);
        }

        return Of(confidence, right, bins);
    }
}

/// <summary>The images whose probability is above Low and at most High.</summary>
/// <param name="MeanPredicted">Mean of their probabilities; null where there are no images.</param>
/// <param name="ObservedShare">Share of positives among them; null where there are no images.</param>
public sealed record ReliabilityBin(double Low, double High, int Count, double? MeanPredicted, double? ObservedShare)
{
    internal static ReliabilityBin Of(double low, double high, int count, double predicted, int observed) => count == 0
        ? new(low, high, 0, null, null)
        : new(low, high, count, predicted / count, (double)observed / count);
}
