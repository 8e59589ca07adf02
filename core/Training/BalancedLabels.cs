using static TorchSharp.torch;

namespace MedTransfer.Training;

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
