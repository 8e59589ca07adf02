using System.Text.Json.Serialization;

namespace MedTransfer.Evaluation.Classification;

/// <summary>
/// What a split's predictions are worth: metrics by name, those of classifications under properties of their own. From 0 (worst) to 1; but Mcc starts at -1, and BrierScore is best at 0. For two classes, Sensitivity,
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

    /// <summary>All that the task reports, by name (<see cref="Metric"/>).</summary>
    public required MetricValues Values { get; init; }

    /// <summary>
    /// Classes: share of images whose most probable class is the true one. Findings: mean over findings of the share of right answers among the images that it is known of,
    /// as MedMNIST has it; where findings are rare, "no finding anywhere" scores high.
    /// </summary>
    [JsonIgnore]
    public double Accuracy => Defined(Metric.Accuracy);

    /// <summary>
    /// Classes: mean of TP / (TP + FN) over the classes that occur, null where fewer than two do.
    /// Findings: mean of (Sensitivity + Specificity) / 2 over the findings that occur and are absent at least once.
    /// </summary>
    [JsonIgnore]
    public double? BalancedAccuracy => Values[Metric.BalancedAccuracy];

    /// <summary>TP / (TP + FN), also called recall; undefined without positives.</summary>
    [JsonIgnore]
    public double? Sensitivity => Values[Metric.Sensitivity];

    /// <summary>TN / (TN + FP); undefined without negatives.</summary>
    [JsonIgnore]
    public double? Specificity => Values[Metric.Specificity];

    /// <summary>TP / (TP + FP), the positive predictive value; undefined where nothing was called positive.</summary>
    [JsonIgnore]
    public double? Precision => Values[Metric.Precision];

    /// <summary>2 TP / (2 TP + FP + FN); undefined where nothing is positive and nothing was called so.</summary>
    [JsonIgnore]
    public double? F1 => Values[Metric.F1];

    /// <summary>Area under the ROC curve, see <see cref="Classification.RocAuc"/>; undefined without both positives and negatives.</summary>
    [JsonIgnore]
    public double? RocAuc => Values[Metric.RocAuc];

    /// <summary>
    /// How many classes or findings <see cref="RocAuc"/> is the mean of: those with positives and negatives among the images.
    /// Two classes count as one.
    /// </summary>
    [JsonIgnore]
    public int RocAucTerms => (int)Defined(Metric.RocAucTerms);

    /// <summary>
    /// Area under the precision-recall curve, see <see cref="Classification.AveragePrecision"/>; undefined without positives. Guessing scores
    /// the share of positives.
    /// </summary>
    [JsonIgnore]
    public double? AveragePrecision => Values[Metric.AveragePrecision];

    /// <summary>
    /// Matthews correlation of answers and labels, -1 to 1, 0 for guessing. Two classes: <see cref="BinaryCounts.Mcc"/>. More classes: one
    /// figure for all, R_K (Gorodkin 2004, Comput. Biol. Chem. 28:367-374). Findings: mean of theirs. Undefined where all answers or all
    /// labels are the same.
    /// </summary>
    [JsonIgnore]
    public double? Mcc => Values[Metric.Mcc];

    /// <summary>
    /// Mean squared error of the probabilities, 0 (best) to 1 (Brier 1950, Mon. Weather Rev. 78:1-3). Classes: mean over images of
    /// 1/2 sum over classes (p_k - y_k)^2, y_k 1 for the true class, else 0: for two classes (p_1 - y)^2. The half, which Brier's own formula
    /// lacks, keeps one range for every number of classes. Findings: mean over them of the mean of (p - y)^2 over the images that each is known of.
    /// </summary>
    [JsonIgnore]
    public double BrierScore => Defined(Metric.BrierScore);

    private double Defined(string metric) => Values[metric] ?? throw new InvalidOperationException($"These scores have no {metric}: they have {string.Join(", ", Values.Names)}.");
}
