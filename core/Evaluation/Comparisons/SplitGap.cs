using MedTransfer.Evaluation.Classification;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>What may be said of test less validation.</summary>
public enum SplitGapReading
{
    /// <summary>The interval lies below 0.</summary>
    ValidationPromisesMore,

    /// <summary>The interval lies above 0.</summary>
    TestIsEasier,

    /// <summary>The interval holds 0.</summary>
    Undecided,

    /// <summary>There is no interval.</summary>
    Untested,
}

/// <summary>
/// Whether validation foretells test: a figure of one model on both splits, and how far apart they are when the images of both are drawn anew,
/// and whatever is chosen on validation chosen anew with them. It covers which images are in the splits, not what seeds vary.
/// </summary>
/// <param name="Validation">The figure on all images of validation.</param>
/// <param name="Test">The figure on all images of test.</param>
/// <param name="Interval95">
/// Of test less validation, see <see cref="BootstrapInterval"/>. Null where the figure is undefined in more than one resample of twenty, and
/// where it is the same in all resamples of a split, as with a few images that are all right: how it varies is then not known to be nothing,
/// it was not seen.
/// </param>
public sealed record SplitGap(double Validation, double Test, Interval? Interval95)
{
    /// <summary>Test less validation.</summary>
    public double Difference => Test - Validation;

    /// <summary>What follows from the interval.</summary>
    public SplitGapReading Reading => Interval95 switch
    {
        null => SplitGapReading.Untested,
        { High: < 0 } => SplitGapReading.ValidationPromisesMore,
        { Low: > 0 } => SplitGapReading.TestIsEasier,
        _ => SplitGapReading.Undecided,
    };

    /// <summary>Of the area under the ROC curve; null where a split lacks positives or negatives.</summary>
    public static SplitGap? OfRocAuc(BinaryPredictions validation, BinaryPredictions test, int resamples, long seed)
    {
        static double? Auc(BinaryPredictions images) => RocAuc.Of(images.Probabilities, images.Positive);
        return Of(validation, test, resamples, seed, (before, after) => (Auc(before), Auc(after)));
    }

    /// <summary>Of the share of right answers; null where a split has no images.</summary>
    public static SplitGap? OfAccuracy(BinaryPredictions validation, BinaryPredictions test, int resamples, long seed)
    {
        static double? Accuracy(BinaryPredictions images) => images.Count == 0 ? null : images.Right.Average(right => right ? 1.0 : 0);
        return Of(validation, test, resamples, seed, (before, after) => (Accuracy(before), Accuracy(after)));
    }

    /// <summary>
    /// Of the specificity at the threshold that has the wanted sensitivity on validation, see <see cref="OperatingPoint.AtSensitivity"/>: each
    /// resample of validation has a threshold of its own. Null where validation lacks positives, or a split negatives.
    /// </summary>
    public static SplitGap? OfSpecificity(BinaryPredictions validation, BinaryPredictions test, double wantedSensitivity, int resamples, long seed) =>
        Of(validation, test, resamples, seed, (before, after) =>
        {
            if (!before.Positive.Contains(true))
                return (null, null);
            var point = OperatingPoint.AtSensitivity(before.Probabilities, before.Positive, wantedSensitivity);
            return (point.Counts.Specificity, point.Apply(after.Probabilities, after.Positive).Specificity);
        });

    private static SplitGap? Of(
        BinaryPredictions validation,
        BinaryPredictions test,
        int resamples,
        long seed,
        Func<BinaryPredictions, BinaryPredictions, (double? Validation, double? Test)> figures)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(test);
        if (figures(validation, test) is not ({ } before, { } after))
            return null;

        var (validationVaries, testVaries) = (false, false);
        var interval = BootstrapInterval.OfSplits(validation.Count, test.Count, resamples, seed, (ofValidation, ofTest) =>
        {
            var drawn = figures(validation.Drawn(ofValidation), test.Drawn(ofTest));
            validationVaries |= drawn.Validation is { } first && first != before;
            testVaries |= drawn.Test is { } second && second != after;
            return drawn.Test - drawn.Validation;
        });
        return new(before, after, validationVaries && testVaries ? interval : null);
    }
}
