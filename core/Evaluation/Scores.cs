namespace MedTransfer.Evaluation;

/// <summary>
/// What predictions are worth, from 0 (worst) to 1. For two classes, Sensitivity, Specificity, Precision, F1 and RocAuc are those of
/// class 1. For more classes (each against the rest) or several findings they are unweighted means over those classes or findings for
/// which the figure is defined. A figure that is 0/0 everywhere is null.
/// </summary>
public sealed record Scores
{
    /// <summary>Number of images, at least 1.</summary>
    public required int Images { get; init; }

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

    /// <summary>Area under the ROC curve, see <see cref="Evaluation.RocAuc"/>; undefined without both positives and negatives.</summary>
    public required double? RocAuc { get; init; }

    /// <summary>
    /// How many classes or findings <see cref="RocAuc"/> is the mean of: those with positives and negatives among the images.
    /// Two classes count as one.
    /// </summary>
    public required int RocAucTerms { get; init; }
}
