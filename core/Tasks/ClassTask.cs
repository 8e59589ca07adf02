using MedTransfer.Data;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Classification;
using static TorchSharp.torch;

namespace MedTransfer.Tasks;

/// <summary>One class an image: softmax cross-entropy. Ordered classes are told apart like any others.</summary>
/// <param name="positiveClass">Of two classes the one that the scores are of, 0 or 1.</param>
public sealed class ClassTask(int positiveClass) : LearningTask
{
    /// <summary>int64 (N): class indices.</summary>
    public override Tensor Targets(Labels labels, Device device)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        return labels.ToTensor().squeeze(1).to(ScalarType.Int64).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over images, each weighted by its class's weight and divided by the sum of these.</summary>
    public override Tensor Loss(Tensor logits, Tensor targets, Tensor? weights = null) => nn.functional.cross_entropy(logits, targets, weights);

    /// <summary>A softmax over the classes.</summary>
    public override Tensor Probabilities(Tensor logits) => logits.softmax(1);

    /// <inheritdoc/>
    public override Tensor LogitsOf(Tensor probabilities) => probabilities.log();

    /// <summary>The class's logit less the logarithm of the sum of the others' exponentials: of two classes less the other's, which alone decides.</summary>
    public override Tensor LogOdds(Tensor logits, int output)
    {
        var others = cat([logits.narrow(1, 0, output), logits.narrow(1, output + 1, logits.shape[1] - output - 1)], 1);
        return logits.select(1, output).sub(others.logsumexp(1));
    }

    /// <inheritdoc/>
    public override Scores Scores(float[,] probabilities, Labels labels) => ClassificationScores.OfClasses(probabilities, labels.Values, positiveClass);

    /// <inheritdoc/>
    public override CaseScore? Score(string metric, float[,] probabilities, Labels labels, Patients patients)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return CaseScores.OfClasses(metric, probabilities, labels.Values, patients, positiveClass);
    }

    /// <summary>(K): N / (K n_k) for class k, 0 for one without images.</summary>
    public override double[] LossWeights(Labels labels, int outputs)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var counts = new int[outputs];
        for (var image = 0; image < labels.Count; image++)
            counts[labels[image, 0]]++;
        return Array.ConvertAll(counts, count => count == 0 ? 0 : (double)labels.Count / (outputs * (double)count));
    }

    private protected override int Group(Labels labels, int image) => labels[image, 0];
}
