using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Cases;

/// <summary>
/// What each patient adds to the sampling error of a score, in one term or several: a proportion has one, an area under the ROC curve one of
/// positives and one of negatives (Obuchowski 1997, Biometrics 53:567-578). Linear in the score, so that those of a sum are the sum of those.
/// </summary>
internal sealed class Deviations
{
    // a row a term, a column a patient; scaled by sqrt(I / (I - 1)) of the I patients that add to the term
    private readonly double[][] scaled, raw;

    private Deviations(double[][] raw, double[][] scaled, int fewest) => (this.raw, this.scaled, Fewest) = (raw, scaled, fewest);

    /// <summary>The fewest patients that add to a term, at least 2: of an AUC those with positives or those with negatives.</summary>
    public int Fewest { get; }

    private int Patients => raw[0].Length;

    /// <summary>One term an array, an entry a patient; null where fewer than two patients add to a term, whose spread is then not seen.</summary>
    /// <param name="contributing">Patients that add to each term.</param>
    public static Deviations? Of(double[][] terms, params int[] contributing) => contributing.Any(count => count < 2)
        ? null
        : new(terms, [.. terms.Zip(contributing, (term, count) => Sum([term], Math.Sqrt(count / (count - 1.0))))], contributing.Min());

    /// <summary>Of the mean of scores over the same patients, their terms taken together; null where one has none.</summary>
    /// <param name="areFolds">Whether each has some of the patients, so that those that add to it add up.</param>
    public static Deviations? OfMean(IReadOnlyList<Deviations?> scores, bool areFolds)
    {
        if (scores.Contains(null))
            return null;
        var patients = scores[0]!.Patients;
        var mean = Sum([.. scores.SelectMany(score => score!.raw)], 1.0 / scores.Count);
        return new([mean], [Sum([mean], Math.Sqrt(patients / (patients - 1.0)))], areFolds ? scores.Sum(score => score!.Fewest) : scores.Min(score => score!.Fewest));
    }

    /// <summary>Of the sum of scores that have the same terms.</summary>
    public static Deviations OfSum(IReadOnlyCollection<Deviations> scores) =>
        new(Sums([.. scores.Select(score => score.raw)]), Sums([.. scores.Select(score => score.scaled)]), scores.Min(score => score.Fewest));

    /// <summary>Of one score less another that has the same terms.</summary>
    public static Deviations OfDifference(Deviations first, Deviations second) =>
        OfSum([first, new([.. second.raw.Select(Negative)], [.. second.scaled.Select(Negative)], second.Fewest)]);

    /// <summary>What is added to the score, to first order, where each patient is there so many times.</summary>
    public double Added(int[] times)
    {
        double sum = 0;
        foreach (var term in raw)
        {
            for (var patient = 0; patient < times.Length; patient++)
                sum += times[patient] * term[patient];
        }

        return sum;
    }

    /// <summary>The sampling covariance of two scores.</summary>
    public static double Covariance(Deviations first, Deviations second)
    {
        if (first.Patients != second.Patients || first.raw.Length != second.raw.Length)
            throw new ArgumentException($"Scores over {first.Patients} and {second.Patients} patients have no covariance", nameof(second));
        static double Dot(double[][] a, double[][] b) => a.Zip(b, (x, y) => DoubleVectors.Dot(x, y)).Sum();
        var within = Dot(first.scaled, second.scaled);
        if (first.raw.Length == 1)
            return within;
        // a patient may add to several terms, with images of both classes
        var across = DoubleVectors.Dot(Sum(first.raw), Sum(second.raw)) - Dot(first.raw, second.raw);
        return within + first.Patients / (first.Patients - 1.0) * across;
    }

    private static double[] Negative(double[] term) => Sum([term], -1);

    // term by term
    private static double[][] Sums(double[][][] scores) => [.. Enumerable.Range(0, scores[0].Length).Select(term => Sum([.. scores.Select(score => score[term])]))];

    private static double[] Sum(double[][] terms, double factor = 1)
    {
        var sum = new double[terms[0].Length];
        foreach (var term in terms)
            DoubleVectors.Add(sum, factor, term);
        return sum;
    }
}
