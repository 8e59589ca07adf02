using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Classification;
using static TorchSharp.torch;

namespace MedTransfer.Tasks;

/// <summary>
/// What is learned from labels: their form as targets, the loss and the probabilities of logits, and the scores that are reported. Whoever
/// trains, predicts or scores asks a task, and no label how many columns it has.
/// </summary>
public abstract class LearningTask
{
    private protected LearningTask()
    {
    }

    /// <summary>Names of the metrics that it reports (<see cref="Metric"/>) and that epochs and candidates can be chosen by.</summary>
    public virtual IReadOnlyList<string> Metrics { get; } =
    [
        Metric.Accuracy, Metric.BalancedAccuracy, Metric.Sensitivity, Metric.Specificity, Metric.Precision, Metric.F1, Metric.RocAuc,
        Metric.AveragePrecision, Metric.Mcc, Metric.BrierScore,
    ];

    /// <summary>What the labels of such a dataset ask for.</summary>
    /// <exception cref="MedTransferException">It has no labels.</exception>
    public static LearningTask Of(DatasetInfo data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Task is { } labels
            ? Of(labels, data.PositiveClass)
            : throw new MedTransferException($"{data.Name} has no labels: a classifier can't be trained on it. Name a labelled set.");
    }

    /// <summary>The task of such labels.</summary>
    /// <param name="positiveClass">Of two classes the one that the scores are of, 0 or 1; no loss depends on it.</param>
    public static LearningTask Of(LabelTask labels, int positiveClass = 1) =>
        labels == LabelTask.MultiLabel ? new FindingsTask() : new ClassTask(positiveClass);

    /// <summary>Labels as the loss wants them, a row an image.</summary>
    public abstract Tensor Targets(Labels labels, Device device);

    /// <summary>Mean loss of logits (N, K): a scalar tensor.</summary>
    /// <param name="targets">Of the same images, from <see cref="Targets"/>.</param>
    /// <param name="weights">(K), 1 without: see <see cref="LossWeights"/>.</param>
    public abstract Tensor Loss(Tensor logits, Tensor targets, Tensor? weights = null);

    /// <summary>Probabilities (N, K) of logits.</summary>
    public abstract Tensor Probabilities(Tensor logits);

    /// <summary>Logits (N, K) that have these probabilities, above 0 and below 1: <see cref="Probabilities"/> turned round.</summary>
    public abstract Tensor LogitsOf(Tensor probabilities);

    /// <summary>
    /// log(p / (1 - p)) of the probability p of one class or finding, (N), from logits (N, K): what speaks for it against all else, also where p is
    /// as good as 0 or 1.
    /// </summary>
    /// <param name="output">The class or finding, 0 to K - 1.</param>
    public abstract Tensor LogOdds(Tensor logits, int output);

    /// <summary>Scores of probabilities (N, K) by MedMNIST's conventions.</summary>
    public abstract Scores Scores(float[,] probabilities, Labels labels);

    /// <summary>The same by name, with how it varies with the patients; null where it is undefined. See <see cref="CaseScores"/>.</summary>
    public abstract CaseScore? Score(string metric, float[,] probabilities, Labels labels, Patients patients);

    /// <summary>(K): what each class weighs in the loss, or each finding where it is present, so that rare ones count as much as frequent ones.</summary>
    /// <param name="outputs">K.</param>
    public abstract double[] LossWeights(Labels labels, int outputs);

    /// <summary>(N): how likely each image is to be drawn, up to a factor, so that every group of images is drawn equally often.</summary>
    public float[] DrawWeights(Labels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var groups = Enumerable.Range(0, labels.Count).Select(image => Group(labels, image)).ToArray();
        var sizes = groups.CountBy(group => group).ToDictionary();
        return Array.ConvertAll(groups, group => 1f / sizes[group]);
    }

    /// <summary>Whether anything can be told apart among these images, so that there is a ROC AUC: two classes, or a finding that is known to be there and known not to be.</summary>
    public static bool HasContrast(Labels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Enumerable.Range(0, labels.Columns).Any(column =>
            Enumerable.Range(0, labels.Count).Where(image => !labels.IsMissing(image, column)).DistinctBy(image => labels[image, column]).Skip(1).Any());
    }

    /// <summary>What an image is drawn as: its class, or whether it has any finding.</summary>
    private protected abstract int Group(Labels labels, int image);
}
