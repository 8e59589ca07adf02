using MathNet.Numerics.RootFinding;
using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Evaluation.Calibration;

/// <summary>
/// Softens or sharpens a softmax by one number (Guo, Pleiss, Sun and Weinberger, ICML 2017): p_k^(1/T), made to sum to 1 again, which is
/// dividing the logits by T. The answer and its rank among the classes stay; fit it on validation, apply it to other splits.
/// </summary>
/// <param name="Temperature">T, above 0: above 1 softens, below 1 sharpens.</param>
public sealed record TemperatureScaling(double Temperature)
{
    /// <summary>Probabilities below the smallest normal float count as that: the logarithm of 0 is infinite.</summary>
    private const float SmallestProbability = 1.17549435e-38f;

    /// <summary>
    /// The temperature with the least mean -log p of the true class, which is convex in 1 / T. Null where there is none: the answers are all
    /// right, and T would sink to 0, or no better than guessing, and T would rise without end.
    /// </summary>
    /// <param name="probabilities">(N, K), K at least 2: the softmax of each image.</param>
    /// <param name="labels">(N, 1): the class of each image, 0 to K - 1.</param>
    public static TemperatureScaling? Fit(float[,] probabilities, byte[,] labels)
    {
        LabelledPredictions.RequireClasses(probabilities, labels);
        var logits = Logits(probabilities);

        // The slope of the loss in 1 / T falls to this at 0, where all classes are equal, and rises to this where only the answer counts.
        if (Slope(logits, labels, 0) >= 0 || Slope(logits, labels, double.MaxValue) <= 0)
            return null;
        var logarithm = Brent.FindRootExpand(
            log => Slope(logits, labels, Math.Exp(log)), -1, 1, accuracy: 1e-14, maxIterations: 1000, expandFactor: 2, maxExpandIteratons: 1000);
        return new(Math.Exp(-logarithm));
    }

    /// <summary>The rescaled probabilities of any images, (N, K); rows sum to 1.</summary>
    /// <param name="probabilities">(N, K): the softmax of each image.</param>
    public float[,] Apply(float[,] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (!(Temperature > 0) || !double.IsFinite(Temperature))
            throw new MedTransferException(FormattableString.Invariant($"A temperature is above 0, not {Temperature}: 1 leaves probabilities as they are."));
        LabelledPredictions.RequireProbabilities(probabilities);
        var scaled = Logits(probabilities);
        var result = new float[scaled.GetLength(0), scaled.GetLength(1)];
        var softmax = new double[scaled.GetLength(1)];
        for (var i = 0; i < result.GetLength(0); i++)
        {
            Softmax(scaled, i, 1 / Temperature, softmax);
            for (var k = 0; k < softmax.Length; k++)
                result[i, k] = (float)softmax[k];
        }

        return result;
    }

    /// <summary>Sum over images of (mean logit under the scaled softmax) - (logit of the true class), which rises with 1 / T.</summary>
    private static double Slope(double[,] logits, byte[,] labels, double inverse)
    {
        var softmax = new double[logits.GetLength(1)];
        double slope = 0;
        for (var i = 0; i < logits.GetLength(0); i++)
        {
            Softmax(logits, i, inverse, softmax);
            for (var k = 0; k < softmax.Length; k++)
                slope += softmax[k] * (logits[i, k] - logits[i, labels[i, 0]]);
        }

        return slope;
    }

    private static void Softmax(double[,] logits, int image, double inverse, Span<double> softmax)
    {
        var best = double.NegativeInfinity;
        for (var k = 0; k < softmax.Length; k++)
            best = Math.Max(best, logits[image, k]);

        double sum = 0;
        for (var k = 0; k < softmax.Length; k++)
            sum += softmax[k] = Math.Exp(inverse * (logits[image, k] - best));
        for (var k = 0; k < softmax.Length; k++)
            softmax[k] /= sum;
    }

    /// <summary>log p: the logits but for a number each image adds to all of its own, which no softmax sees.</summary>
    private static double[,] Logits(float[,] probabilities)
    {
        var logits = new double[probabilities.GetLength(0), probabilities.GetLength(1)];
        for (var i = 0; i < logits.GetLength(0); i++)
        {
            for (var k = 0; k < logits.GetLength(1); k++)
                logits[i, k] = Math.Log(Math.Max(probabilities[i, k], SmallestProbability));
        }

        return logits;
    }
}
