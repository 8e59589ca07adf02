using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Transferability;

/// <summary>
/// H-score (Bao et al., "An information-theoretic approach to transferability in task transfer learning", ICIP 2019): how much of the spread of embeddings f lies between classes,
/// tr(cov(f)^-1 cov(E[f|y])). Where images are hardly more than columns, cov(f) can't be inverted, or is fitted by chance: it is shrunk by Ledoit and Wolf, and the score is
/// tr(cov_a(f)^-1 (1 - a) cov(E[f|y])) of a shrinkage a (Ibrahim, Ponomareva and Mazumder, "Newer is not always better: rethinking transferability metrics, their peculiarities, stability
/// and performance", 2021). It compares embeddings of the same images: its height says little.
/// </summary>
/// <param name="Value">0 to classes - 1, more is better. Both covariances are sums over images divided by N.</param>
/// <param name="Shrinkage">a, 0 (none) to 1; near 1 there were too few images to see how columns go together, and the score is near 0.</param>
public sealed record HScore(double Value, double Shrinkage)
{
    private const string Name = "H-score";

    /// <summary>Of |S|^2: what S is nearer to equal variances than this is rounding.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Of embeddings that are not all the same. Time is cubic in the smaller of N and D.</summary>
    /// <param name="embeddings">(N, D), an image a row, finite.</param>
    /// <param name="labels">N class numbers, any whole numbers, of two classes or more.</param>
    /// <exception cref="MedTransferException">Labels are not one an image or of one class; embeddings are not finite, or all the same.</exception>
    public static HScore Of(float[,] embeddings, IReadOnlyList<int> labels)
    {
        EmbeddingChecks.RequireClasses(embeddings, labels, Name);
        var rows = EmbeddingRows.Centred(embeddings);
        var spectrum = new EmbeddingSpectrum(rows);
        var (count, variances) = (rows.Count, Array.ConvertAll(spectrum.Squares, square => square / rows.Count));
        var mean = variances.Sum() / rows.Width;
        var shrinkage = ShrinkageOf(rows, variances, mean);

        // along direction v of variance s^2 / N, a class of n images has its mean at s (u . 1) / n, 1 marking its images
        double score = 0;
        foreach (var label in labels.Distinct().Order())
        {
            double[] marks = [.. labels.Select(own => own == label ? 1.0 : 0)];
            var along = spectrum.Along(marks);
            for (var k = 0; k < along.Length; k++)
                score += variances[k] * along[k] * along[k] / marks.Sum() * (1 - shrinkage) / ((1 - shrinkage) * variances[k] + shrinkage * mean);
        }

        return new(score, shrinkage);
    }

    private static double ShrinkageOf(EmbeddingRows rows, double[] variances, double mean)
    {
        var squares = variances.Sum(variance => variance * variance);
        var distance = variances.Sum(variance => (variance - mean) * (variance - mean)) + (rows.Width - variances.Length) * mean * mean;
        // equal variances stay so, however far they are shrunk
        return distance > Rounding * squares ? LedoitWolf.Shrinkage(rows.Count, rows.SquaredLengths().Sum(length => length * length), squares, distance) : 0;
    }
}
