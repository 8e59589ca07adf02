using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Intervals;
using Binomial = MathNet.Numerics.Distributions.Binomial;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>
/// Whether two models are right equally often on the same images (McNemar 1947, Psychometrika 12:153-157): only images on which one is right
/// and the other wrong tell.
/// </summary>
/// <param name="FirstAlone">Images that the first alone has right, b.</param>
/// <param name="SecondAlone">Images that the second alone has right, c.</param>
/// <param name="PValue">
/// Two-sided: exact, twice the binomial tail, below 25 such images, else of (b - c)^2 / (b + c), chi-square of one degree. Where patients have
/// several images, of (K - 1) / K (sum d_k)^2 / sum d_k^2 with d_k = b_k - c_k of the K patients (Obuchowski 1998, Stat. Med. 17:1495-1507). Null
/// where no image tells, or of several images a patient, where fewer than <see cref="FewestPatients"/> patients do.
/// </param>
public sealed record McNemar(int FirstAlone, int SecondAlone, double? PValue)
{
    /// <summary>Images from which on the chi-square distribution is close enough.</summary>
    public const int FewestForChiSquare = 25;

    /// <summary>Patients that must tell, where they have several images, for the test to keep its level.</summary>
    public const int FewestPatients = 10;

    /// <summary>Compares which images two models have right.</summary>
    /// <param name="first">Whether the first is right, an entry an image.</param>
    public static McNemar Of(IReadOnlyList<bool> first, IReadOnlyList<bool> second, Patients patients)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(patients);
        if (first.Count != patients.Images || second.Count != patients.Images)
            throw new ArgumentException($"{first.Count} and {second.Count} answers to {patients.Images} images", nameof(second));
        var lead = new int[patients.Count];
        var (firstAlone, secondAlone) = (0, 0);
        for (var image = 0; image < patients.Images; image++)
        {
            if (first[image] == second[image])
                continue;
            firstAlone += first[image] ? 1 : 0;
            secondAlone += second[image] ? 1 : 0;
            lead[patients[image]] += first[image] ? 1 : -1;
        }

        return new(firstAlone, secondAlone, patients.HaveOneImageEach ? OfImages(firstAlone, secondAlone) : OfPatients(lead));
    }

    private static double? OfImages(int first, int second) => (first + second) switch
    {
        0 => null,
        < FewestForChiSquare => Math.Min(1, 2 * Binomial.CDF(0.5, first + second, Math.Min(first, second))),
        var both => Normally((first - second) / Math.Sqrt(both)),
    };

    private static double? OfPatients(int[] lead)
    {
        if (lead.Count(d => d != 0) < FewestPatients)
            return null;
        double sum = lead.Sum(), squares = lead.Sum(d => (double)d * d), count = lead.Length;
        return Normally(Math.Sqrt((count - 1) / count) * sum / Math.Sqrt(squares));
    }

    // the square of a normal number is chi-square of one degree
    private static double Normally(double z) => StudentT.TwoSidedP(z, double.PositiveInfinity);
}
