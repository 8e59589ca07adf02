namespace MedTransfer.Evaluation.Classification;

/// <summary>
/// What predictions are worth, from 0 (worst) to 1; but Mcc starts at -1, and BrierScore is best at 0. For two classes, Sensitivity,
/// Specificity, Precision, F1, RocAuc and AveragePrecision are those of the positive one. For more classes (each against the rest) or several
/// findings they are unweighted means over those classes or findings for which the figure is defined. A figure that is 0/0 everywhere
/// is null.
/// </summary>
public sealed record Scores
{
    /// <summary>Number of images, at least 1.</summary>
    public required int Images { get; init; }

    /// <summary>Of two classes the one that the scores are of, 0 or 1; null with more classes and with findings.</summary>
    public int? PositiveClass { get; init; }

    /// <summary>
    /// Classes: share of images whose most probable class is the true one. Findings: mean over findings of the share of right answers,
    /// as MedMNIST has it; where findings are rare, "no finding anywhere" scores high.
    /// </summary>
    public required double Accuracy { get; init; }

    /// <summary>
    /// Classes: mean of TP / (TP + FN) over the classes that occur, null where fewer than two do.
    /// Findings: mean of (Sensitivity + Specificity) / 2 over the findings that occur and are absent at least once.
    /// </summary>
    public required double? BalancedAccuracy { get; init; }

    /// <summary>TP / (TP + FN), also called recall; undefined without positives.</summary>
    public required double? Sensitivity { get; init; }

    /// <summary>TN / (TN + FP); undefined without negatives.</summary>
    public required double? Specificity { get; init; }

    /// <summary>TP / (TP + FP), the positive predictive value; undefined where nothing was called positive.</summary>
    public required double? Precision { get; init; }

    /// <summary>2 TP / (2 TP + FP + FN); undefined where nothing is positive and nothing was called so.</summary>
    public required double? F1 { get; init; }

    /// <summary>Area under the ROC curve, see <see cref="Classification.RocAuc"/>; undefined without both positives and negatives.</summary>
    public required double? RocAuc { get; init; }

    /// <summary>
    /// How many classes or findings <see cref="RocAuc"/> is the mean of: those with positives and negatives among the images.
    /// Two classes count as one.
    /// </summary>
    public required int RocAucTerms { get; init; }

    /// <summary>
    /// Area under the precision-recall curve, see <see cref="Classification.AveragePrecision"/>; undefined without positives. Guessing scores
    /// the share of positives.
    /// </summary>
    public required double? AveragePrecision { get; init; }

    /// <summary>
    /// Matthews correlation of answers and labels, -1 to 1, 0 for guessing. Two classes: <see cref="BinaryCounts.Mcc"/>. More classes: one
    /// figure for all, R_K (Gorodkin 2004, Comput. Biol. Chem. 28:367-374). Findings: mean of theirs. Undefined where all answers or all
    /// labels are the same.
    /// </summary>
    public required double? Mcc { get; init; }

    /// <summary>
    /// Mean squared error of the probabilities, 0 (best) to 1 (Brier 1950, Mon. Weather Rev. 78:1-3). Classes: mean over images of
    /// 1/2 sum over classes (p_k - y_k)^2, y_k 1 for the true class, else 0: for two classes (p_1 - y)^2. The half, which Brier's own formula
    /// lacks, keeps one range for every number of classes. Findings: mean over images and findings of (p - y)^2.
    /// </summary>
    public required double BrierScore { get; init; }
}
