using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Numerics;

namespace MedTransfer.Tests.Evaluation.Simulation;

/// <summary>
/// Two ways that are equally good, judged by five folds of one set, repeated with other folds. Images are six normal numbers, whose mean is shifted for
/// positives; a way sees four of them, the two share two, and tells classes by the direction between their means.
/// </summary>
internal sealed class FoldStudy
{
    private const int Folds = 5, Numbers = 6, Seen = 4;

    private readonly double[][] images;
    private readonly bool[] positive;
    private readonly Patients patients;
    private readonly SplitMix64 random;

    /// <param name="shift">0: labels mean nothing.</param>
    public FoldStudy(int count, ulong seed, double shift = 0.6)
    {
        var draws = new NormalDraws(seed);
        random = new SplitMix64(seed ^ 0x5DEECE66D);
        patients = Patients.OfImages(count);
        positive = [.. Enumerable.Range(0, count).Select(image => image % 8 < 5)];
        images = [.. positive.Select(isPositive => Enumerable.Range(0, Numbers).Select(_ => draws.Next() + (isPositive ? shift : 0)).ToArray())];
    }

    /// <summary>Nadeau and Bengio's test over all folds of so many repeats; with hardly any share held out, Student's, as if folds were independent.</summary>
    public Trial Resampled(int repeats, double testShare = 1.0 / (Folds - 1))
    {
        var folds = Enumerable.Range(0, repeats).SelectMany(_ => Repeat()).ToList();
        var difference = ResampledDifference.Of([.. folds.Select(fold => fold.First.Value)], [.. folds.Select(fold => fold.Second.Value)], testShare);
        return new(difference.Interval95, 0, difference.PValue);
    }

    /// <summary>Two-way random effects of repeats and patients, over the mean of each repeat's folds.</summary>
    public Trial FoldAveraged(int repeats)
    {
        var pairs = Enumerable.Range(0, repeats).Select(repeat =>
        {
            var folds = Repeat();
            return new ComparedTrainings(repeat, repeat, CaseScore.MeanOfFolds(folds.Select(fold => fold.First)), CaseScore.MeanOfFolds(folds.Select(fold => fold.Second)));
        });
        var comparison = Comparison.Between([.. pairs])!;
        return new(comparison.Interval95, 0, comparison.PValue);
    }

    // the AUC of what each fold holds out
    private List<(CaseScore First, CaseScore Second)> Repeat()
    {
        var fold = new int[images.Length];
        foreach (var of in Enumerable.Range(0, images.Length).GroupBy(image => positive[image]))
        {
            int[] shuffled = [.. of];
            random.Shuffle(shuffled, shuffled.Length);
            for (var place = 0; place < shuffled.Length; place++)
                fold[shuffled[place]] = place % Folds;
        }

        return [.. Enumerable.Range(0, Folds).Select(held => (Score(fold, held, 0), Score(fold, held, Numbers - Seen)))];
    }

    private AucScore Score(int[] fold, int held, int from)
    {
        var direction = new double[Seen];
        foreach (var isPositive in new[] { true, false })
        {
            int[] of = [.. Enumerable.Range(0, images.Length).Where(image => fold[image] != held && positive[image] == isPositive)];
            for (var number = 0; number < Seen; number++)
                direction[number] += (isPositive ? 1 : -1) * of.Average(image => images[image][from + number]);
        }

        return AucScore.Of(
            patients,
            image => (float)direction.Select((weight, number) => weight * images[image][from + number]).Sum(),
            image => fold[image] == held ? positive[image] : null)!;
    }
}
