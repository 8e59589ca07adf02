using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Numerics;

namespace MedTransfer.Tests.Evaluation.Simulation;

/// <summary>One study of a design, drawn with a seed: what its models say of its test images.</summary>
internal sealed class SimulatedStudy
{
    private readonly NormalDraws draws;
    private readonly double[] ofPatient, ofImage;
    private readonly double[][] ofWay;
    private readonly byte[,] labels;

    public SimulatedStudy(StudyDesign design, ulong seed)
    {
        (Design, draws) = (design, new NormalDraws(seed));
        Patients = design.ImagesPerPatient == 1
            ? Patients.OfImages(design.Images)
            : Patients.Of([.. Enumerable.Range(0, design.Images).Select(image => (long)(image / design.ImagesPerPatient))], design.Images);
        ofPatient = Normals(Patients.Count, StudyDesign.OfPatient);
        ofImage = Normals(design.Images, StudyDesign.OfImage);
        ofWay = [Normals(design.Images, StudyDesign.OfWay), Normals(design.Images, StudyDesign.OfWay)];
        labels = new byte[design.Images, 1];
        // the images of a patient have one label: pairs within a patient would have another AUC than pairs of two
        var positive = Enumerable.Range(0, Patients.Count).Select(_ => draws.Fraction() < StudyDesign.Prevalence).ToArray();
        for (var image = 0; image < design.Images; image++)
            labels[image, 0] = positive[Patients[image]] ? (byte)1 : (byte)0;
    }

    public StudyDesign Design { get; }

    public Patients Patients { get; }

    /// <summary>Whether the split has images of two patients of each class at least.</summary>
    public bool IsScored => Enumerable.Range(0, Design.Images).GroupBy(image => labels[image, 0]).Count(of => of.DistinctBy(image => Patients[image]).Count() > 1) == 2;

    /// <summary>A model of each way with one seed, and by how much each separates.</summary>
    public (SimulatedModel First, SimulatedModel Second) Train()
    {
        var shared = StudyDesign.SeedShared * draws.Next();
        return (Model(0, Seeded(0, shared)), Model(1, Seeded(1, shared)));
    }

    /// <summary>A model of each way that separate equally well.</summary>
    public (SimulatedModel First, SimulatedModel Second) TrainEqual() => (Model(0, Design.SeparationOf(1)), Model(1, Design.SeparationOf(1)));

    /// <summary>As many trainings as the design has, compared.</summary>
    public IReadOnlyList<ComparedTrainings> Compared(string metric) => [.. Enumerable.Range(0, Design.Seeds).Select(seed => Compare(metric, seed))];

    /// <summary>The next training of each way, compared.</summary>
    public ComparedTrainings Compare(string metric, int seed)
    {
        var (first, second) = Train();
        return new(seed, seed, Score(metric, first), Score(metric, second));
    }

    public CaseScore? Score(string metric, SimulatedModel model) => CaseScores.OfClasses(metric, model.Probabilities, labels, Patients);

    /// <summary>Whether each image is called right.</summary>
    public bool[] Right(SimulatedModel model) => [.. Enumerable.Range(0, Design.Images).Select(image => model.Probabilities[image, 1] > 0.5f == (labels[image, 0] == 1))];

    /// <summary>Images of a class, and how many of them are called right.</summary>
    public (int Right, int Images) CountOf(byte label, SimulatedModel model)
    {
        var of = Right(model).Where((_, image) => labels[image, 0] == label).ToArray();
        return (of.Count(right => right), of.Length);
    }

    private double Seeded(int way, double shared) => Design.SeparationOf(way) + shared + StudyDesign.SeedAlone * draws.Next();

    private SimulatedModel Model(int way, double separation)
    {
        var alone = Math.Sqrt(1 - StudyDesign.OfPatient - StudyDesign.OfImage - StudyDesign.OfWay);
        var probabilities = new float[Design.Images, 2];
        for (var image = 0; image < Design.Images; image++)
        {
            var score = (labels[image, 0] == 1 ? separation : 0) + ofPatient[Patients[image]] + ofImage[image] + ofWay[way][image] + alone * draws.Next();
            probabilities[image, 1] = (float)(1 / (1 + Math.Exp(StudyDesign.Threshold - score)));
            probabilities[image, 0] = 1 - probabilities[image, 1];
        }

        return new(separation, probabilities);
    }

    private double[] Normals(int count, double variance) => [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(variance) * draws.Next())];
}

/// <summary>A model of a simulated study: by how much it separates the classes, and what it says of the test images.</summary>
internal sealed record SimulatedModel(double Separation, float[,] Probabilities);

/// <summary>Standard normal numbers, the same from a seed everywhere (Box and Muller 1958).</summary>
internal sealed class NormalDraws(ulong seed)
{
    private readonly SplitMix64 random = new(seed);
    private double? kept;

    public double Fraction() => random.Fraction();

    public double Next()
    {
        if (kept is { } other)
        {
            kept = null;
            return other;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - random.Fraction()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * random.Fraction());
        kept = radius * sine;
        return radius * cosine;
    }
}
