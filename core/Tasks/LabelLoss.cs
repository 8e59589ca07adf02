using MedTransfer.Data;
using MedTransfer.Evaluation.Classification;
using static TorchSharp.torch;

namespace MedTransfer.Tasks;

/// <summary>The loss and the probabilities that fit what labels ask for: softmax cross-entropy over classes, sigmoid cross-entropy over findings.</summary>
/// <param name="Task">What the labels ask for.</param>
/// <param name="PositiveClass">Of two classes the one that the scores are of, 0 or 1; no loss depends on it.</param>
public sealed record LabelLoss(LabelTask Task, int PositiveClass = 1)
{
    /// <summary>Labels as the loss wants them: int64 (N) class indices, or float32 (N, L) findings.</summary>
    public Tensor Targets(byte[,] labels, Device device)
    {
        using var scope = NewDisposeScope();
        var raw = tensor(labels.Cast<byte>().ToArray()).reshape(labels.GetLength(0), labels.GetLength(1));
        return (Task == LabelTask.MultiLabel ? raw.to(ScalarType.Float32) : raw.squeeze(1).to(ScalarType.Int64)).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>Mean loss of logits (N, K) over the batch, and over the findings of a multi-label task: a scalar tensor.</summary>
    /// <param name="weights">
    /// (K), 1 without: of each class, the mean then divided by the sum of the images' weights; or of each finding where it is present.
    /// </param>
    public Tensor Of(Tensor logits, Tensor targets, Tensor? weights = null) => Task == LabelTask.MultiLabel
        ? nn.functional.binary_cross_entropy_with_logits(logits, targets, pos_weights: weights)
        : nn.functional.cross_entropy(logits, targets, weights);

    /// <summary>Probabilities (N, K): a softmax over classes, or a sigmoid for each finding.</summary>
    public Tensor Probabilities(Tensor logits) => Task == LabelTask.MultiLabel ? logits.sigmoid() : logits.softmax(1);

    /// <summary>Scores of probabilities (N, K) by MedMNIST's conventions.</summary>
    public Scores Scores(float[,] probabilities, byte[,] labels) => Task == LabelTask.MultiLabel
        ? ClassificationScores.OfFindings(probabilities, labels)
        : ClassificationScores.OfClasses(probabilities, labels, PositiveClass);
}
