using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;

namespace MedTransfer.Tests.Evaluation.Cases;

/// <summary>
/// Sixty images, 24 of them positive, scored by two ways with any number of seeds, from a formula that R and Python can write too, with ties:
/// (3 k^2 + 17 k) mod 97 + (29 k (j + 1) + 5 i j k + 13 i k) mod 31 + y (30 + 6 i + 2 j) for image k, way i, seed j, y = (7 k mod 5 &lt; 2).
/// </summary>
internal static class ReaderStudy
{
    public const int Images = 60;

    public static bool IsPositive(int image) => image * 7 % 5 < 2;

    public static int Rating(int way, int seed, int image) =>
        (image * image * 3 + image * 17) % 97 + (image * 29 * (seed + 1) + way * seed * image * 5 + way * image * 13) % 31
        + (IsPositive(image) ? 30 + 6 * way + 2 * seed : 0);

    /// <summary>
    /// Another rating, with more that a way has alone and that a seed changes: plus (7 k^2 (i + 1) + 11 k i) mod 53 and, of positives, 8 ((j^2 + 3 i j)
    /// mod 5).
    /// </summary>
    public static int Varied(int way, int seed, int image) =>
        Rating(way, seed, image) + (image * image * 7 * (way + 1) + 11 * image * way) % 53 + (IsPositive(image) ? 8 * ((seed * seed + 3 * way * seed) % 5) : 0);

    public static byte[,] Labels { get; } = Matrix((image, _) => IsPositive(image) ? (byte)1 : (byte)0, 1);

    /// <summary>Ratings as probabilities, positive being called above 60.</summary>
    public static float[,] Probabilities(int way, int seed) =>
        Matrix((image, column) => column == 1 ? Rating(way, seed, image) / 256f : 60.5f / 256f, 2);

    /// <summary>Three images a patient, of both classes.</summary>
    public static Patients Twenty { get; } = Patients.Of([.. Enumerable.Range(0, Images).Select(image => image / 3L)], Images);

    public static Patients Sixty { get; } = Patients.OfImages(Images);

    public static CaseScore Score(string metric, int way, int seed, Patients? patients = null) =>
        CaseScores.OfClasses(metric, Probabilities(way, seed), Labels, patients ?? Sixty)!;

    public static CaseScore VariedAuc(int way, int seed) =>
        CaseScores.OfClasses(Metric.RocAuc, Matrix((image, column) => column == 1 ? Varied(way, seed, image) / 512f : 0.5f, 2), Labels, Sixty)!;

    private static T[,] Matrix<T>(Func<int, int, T> value, int columns)
    {
        var matrix = new T[Images, columns];
        for (var image = 0; image < Images; image++)
        {
            for (var column = 0; column < columns; column++)
                matrix[image, column] = value(image, column);
        }

        return matrix;
    }
}
