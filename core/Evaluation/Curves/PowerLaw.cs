namespace MedTransfer.Evaluation.Curves;

/// <summary>
/// A score that rises with the number n of training images as a - b n^-c (Figueroa, Zeng-Treitler, Kandula and Ngo 2012, BMC Med. Inform. Decis. Mak. 12:8,
/// after Mukherjee et al. 2003, J. Comput. Biol. 10:119-142).
/// </summary>
/// <param name="Asymptote">a, at most 1: what no number of images gets above.</param>
/// <param name="Factor">b, 0 or more.</param>
/// <param name="Exponent">c, <see cref="LeastExponent"/> to <see cref="LargestExponent"/>.</param>
public sealed record PowerLaw(double Asymptote, double Factor, double Exponent)
{
    /// <summary>Below it a curve can't be told from a logarithm, which has no end.</summary>
    public const double LeastExponent = 0.1;

    /// <summary>Above it all but the smallest size lie on the asymptote.</summary>
    public const double LargestExponent = 2;

    private const int Steps = 96;

    /// <summary>The score of so many images, 1 or more.</summary>
    public double At(double images) => Asymptote - Factor * Math.Pow(images, -Exponent);

    /// <summary>How many images have that score; positive infinity where none have, 1 where one has already.</summary>
    public double ImagesFor(double score) => score >= Asymptote
        ? score <= At(1) ? 1 : double.PositiveInfinity
        : Math.Max(1, Math.Pow(Factor / (Asymptote - score), 1 / Exponent));

    /// <summary>
    /// The curve of least squares through some points, the j-th of m by size weighing j / m, as the end decides what comes after it. Exponents are tried one by one, evenly by
    /// their logarithms; for each a and b are a weighted line's within their ranges.
    /// </summary>
    /// <param name="points">Scores by images, 1 or more, fewest first, three sizes or more.</param>
    public static PowerLaw Fit(IReadOnlyList<(int Images, double Score)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 3)
            throw new ArgumentException($"Three numbers are fitted to three sizes or more, not {points.Count}", nameof(points));
        return Enumerable.Range(0, Steps + 1)
            .Select(step => LeastExponent * Math.Pow(LargestExponent / LeastExponent, (double)step / Steps))
            .Select(exponent => Line(points, exponent))
            .MinBy(curve => points.Select((point, j) => (j + 1) * Square(point.Score - curve.At(point.Images))).Sum())!;
    }

    // score = a - b x with x = n^-c
    private static PowerLaw Line(IReadOnlyList<(int Images, double Score)> points, double exponent)
    {
        double weights = 0, meanX = 0, meanY = 0, xx = 0, xy = 0;
        double X(int j) => Math.Pow(points[j].Images, -exponent);
        for (var j = 0; j < points.Count; j++)
            (weights, meanX, meanY) = (weights + j + 1, meanX + (j + 1) * X(j), meanY + (j + 1) * points[j].Score);
        (meanX, meanY) = (meanX / weights, meanY / weights);
        for (var j = 0; j < points.Count; j++)
            (xx, xy) = (xx + (j + 1) * Square(X(j) - meanX), xy + (j + 1) * (X(j) - meanX) * (points[j].Score - meanY));
        var factor = Math.Max(0, -xy / xx);
        if (meanY + factor * meanX <= 1)
            return new(meanY + factor * meanX, factor, exponent);
        // through a score of 1 at no end of images
        double ofOne = 0, squares = 0;
        for (var j = 0; j < points.Count; j++)
            (ofOne, squares) = (ofOne + (j + 1) * X(j) * (1 - points[j].Score), squares + (j + 1) * X(j) * X(j));
        return new(1, Math.Max(0, ofOne / squares), exponent);
    }

    private static double Square(double x) => x * x;
}
