namespace MedTransfer.Evaluation.Cases;

/// <summary>
/// A ratio of two sums over images: accuracy, sensitivity, precision, F1. Its variance is that of the residuals n_i - R d_i, summed over each
/// patient's images (the ratio estimator of cluster samples, Cochran 1977, 6.4 and 9A.1).
/// </summary>
internal sealed class RatioScore : CaseScore
{
    private readonly double[] numerators, denominators;

    private RatioScore(double value, double[] numerators, double[] denominators, Patients patients)
        : base(value, DeviationsOf(value, numerators, denominators), patients) => (this.numerators, this.denominators) = (numerators, denominators);

    /// <summary>Null where the denominators add up to nothing.</summary>
    /// <param name="ofImage">What an image adds to numerator and denominator.</param>
    public static RatioScore? Of(Patients patients, Func<int, (int Numerator, int Denominator)> ofImage)
    {
        var (numerators, denominators) = (new double[patients.Count], new double[patients.Count]);
        for (var image = 0; image < patients.Images; image++)
        {
            var (numerator, denominator) = ofImage(image);
            numerators[patients[image]] += numerator;
            denominators[patients[image]] += denominator;
        }

        var whole = denominators.Sum();
        return whole == 0 ? null : new(numerators.Sum() / whole, numerators, denominators, patients);
    }

    internal override double? Resampled(int[] times)
    {
        double numerator = 0, denominator = 0;
        for (var patient = 0; patient < times.Length; patient++)
        {
            numerator += times[patient] * numerators[patient];
            denominator += times[patient] * denominators[patient];
        }

        return denominator == 0 ? null : numerator / denominator;
    }

    private static Deviations? DeviationsOf(double value, double[] numerators, double[] denominators)
    {
        var whole = denominators.Sum();
        return Deviations.Of([[.. numerators.Zip(denominators, (numerator, denominator) => (numerator - value * denominator) / whole)]], denominators.Count(d => d > 0));
    }
}
