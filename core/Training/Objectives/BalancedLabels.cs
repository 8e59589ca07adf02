using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>The training labels as a learner uses them: which images an epoch draws, and what their logits cost.</summary>
/// <param name="Labels">What the labels ask for.</param>
/// <param name="Train">The images that are labelled.</param>
/// <param name="Outputs">K, the classes or findings that the model tells.</param>
/// <param name="Balance">What is done about classes of unequal size.</param>
internal sealed record BalancedLabels(LabelLoss Labels, LabelledImages Train, int Outputs, ClassBalance Balance) : IDisposable
{
    private readonly ClassShares shares = new(Labels.Task, Train.Labels, Outputs);
    private Tensor? weights;

    public int Count => Train.Images.Count;

    public Device Device => Train.Images.Targets.device;

    /// <summary>As <see cref="ILearner.Order"/>.</summary>
    public Tensor Order(Generator draws) => Balance == ClassBalance.Sampling
        ? tensor(shares.DrawWeights()).multinomial(Count, replacement: true, generator: draws)
        : ILearner.Shuffled(Count, draws);

    /// <summary>Mean loss of logits (n, K) of these images, int64 (n): a scalar tensor.</summary>
    public Tensor Loss(Tensor logits, Tensor indices) => Labels.Of(logits, Train.Images.Targets.index_select(0, indices), Weights());

    public void Dispose() => weights?.Dispose();

    // moved to the device once, beyond the scope of the batch that asks first
    private Tensor? Weights() => Balance == ClassBalance.Loss
        ? weights ??= tensor(shares.LossWeights(), ScalarType.Float32, Device).DetachFromDisposeScope()
        : null;
}

/// <summary>How the training labels are distributed, turned into weights that balance them.</summary>
/// <param name="Task">What the labels ask for.</param>
/// <param name="Labels">(N, 1) class indices, or (N, L) findings.</param>
/// <param name="Outputs">K, the classes or findings that the model tells.</param>
internal sealed record ClassShares(LabelTask Task, byte[,] Labels, int Outputs)
{
    private int Images => Labels.GetLength(0);

    /// <summary>
    /// (K): N / (K n_k) for class k, 0 for one without images; n_without / n_with for a finding, 1 for one that all images have or none.
    /// </summary>
    public double[] LossWeights() => Task == LabelTask.MultiLabel
        ? [.. Enumerable.Range(0, Outputs).Select(PositiveWeight)]
        : Array.ConvertAll(Counts(), count => count == 0 ? 0 : (double)Images / (Outputs * (double)count));

    /// <summary>(N): 1 over the number of images that share the image's class, or, of findings, that also have any, or also none.</summary>
    public float[] DrawWeights()
    {
        var counts = Counts();
        return [.. Enumerable.Range(0, Images).Select(image => 1f / counts[Group(image)])];
    }

    private double PositiveWeight(int finding)
    {
        var with = Enumerable.Range(0, Images).Count(image => Labels[image, finding] != 0);
        return with == 0 || with == Images ? 1 : (Images - with) / (double)with;
    }

    private int[] Counts()
    {
        var counts = new int[Task == LabelTask.MultiLabel ? 2 : Outputs];
        for (var image = 0; image < Images; image++)
            counts[Group(image)]++;
        return counts;
    }

    private int Group(int image) => Task != LabelTask.MultiLabel ? Labels[image, 0]
        : Enumerable.Range(0, Outputs).Any(finding => Labels[image, finding] != 0) ? 1 : 0;
}
