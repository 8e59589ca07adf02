using MathNet.Numerics.Distributions;
using MedTransfer.Evaluation;

namespace MedTransfer.Tests.Evaluation.Simulation;

/// <summary>
/// Two ways, several seeds, one test split, with known truth. The score of an image is normal, with a mean of 0 for negatives and of d + a for
/// positives, a being what the seed changes; its variance of 1 is shared by all images of a patient, all models, the models of one way, and
/// each model alone, so that scores are correlated as those of trained networks are.
/// </summary>
/// <param name="Seeds">Trainings of each way.</param>
/// <param name="Images">Test images.</param>
/// <param name="ImagesPerPatient">1 or more.</param>
/// <param name="Lead">How much larger the first way's d is than the second's.</param>
internal sealed record StudyDesign(int Seeds, int Images, int ImagesPerPatient, double Lead)
{
    /// <summary>d of the second way: an AUC of some .92.</summary>
    private const double Separation = 2;

    /// <summary>Standard deviations of a that both ways of a seed share, and that each has alone.</summary>
    public const double SeedShared = 0.1, SeedAlone = 0.15;

    /// <summary>Parts of an image's variance; the rest of 1 is each model's alone.</summary>
    public const double OfPatient = 0.25, OfImage = 0.3, OfWay = 0.1;

    /// <summary>Share of positive images.</summary>
    public const double Prevalence = 0.625;

    private static readonly double SeedVariance = SeedShared * SeedShared + SeedAlone * SeedAlone;

    /// <summary>Score from which on an image is called positive.</summary>
    public static double Threshold => Separation / 2;

    /// <summary>d of the first way, 0, or of the second, 1.</summary>
    public double SeparationOf(int way) => way == 0 ? Separation + Lead : Separation;

    /// <summary>The score of a model that separates by so much, on all patients there are.</summary>
    public static double OfModel(string metric, double separation) => Of(metric, separation, 0);

    /// <summary>The mean score of a way over all seeds, on all patients there are.</summary>
    public double OfProcedure(string metric, int way) => Of(metric, SeparationOf(way), SeedVariance);

    // E F(x + a) = F(x / sqrt(1 + var a)) of the normal distribution function F and a normal a
    private static double Of(string metric, double separation, double seeds)
    {
        static double F(double z) => Normal.CDF(0, 1, z);
        return metric switch
        {
            Metric.RocAuc => F(separation / Math.Sqrt(2 + seeds)),
            Metric.Accuracy => Prevalence * F((separation - Threshold) / Math.Sqrt(1 + seeds)) + (1 - Prevalence) * F(Threshold),
            Metric.Sensitivity => F((separation - Threshold) / Math.Sqrt(1 + seeds)),
            Metric.Specificity => F(Threshold),
            _ => throw new ArgumentException(metric, nameof(metric)),
        };
    }
}
