using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Learns to tell the labels of images.</summary>
/// <param name="Augmentation">Changes the training images; null for none.</param>
/// <param name="Balance">What is done about training classes of unequal size.</param>
public sealed record ClassifierLearner(
    Classifier Classifier,
    LabelLoss Labels,
    LabelledImages Train,
    LabelledImages Validation,
    Augmentation? Augmentation = null,
    ClassBalance Balance = ClassBalance.None) : ILearner, IDisposable
{
    private readonly ClassShares shares = new(Labels.Task, Train.Labels, Classifier.Outputs);
    private Tensor? weights;

    /// <inheritdoc/>
    public nn.Module Model => Classifier;

    /// <inheritdoc/>
    public int Count => Train.Images.Count;

    /// <inheritdoc/>
    public Device Device => Train.Images.Targets.device;

    /// <inheritdoc/>
    public Tensor Order(Generator draws) => Balance == ClassBalance.Sampling
        ? tensor(shares.DrawWeights()).multinomial(Count, replacement: true, generator: draws)
        : ILearner.Shuffled(Count, draws);

    /// <inheritdoc/>
    public Tensor Loss(Tensor indices)
    {
        var images = Train.Images.Images(indices);
        var logits = Classifier.forward(Augmentation?.Apply(images) ?? images);
        return Labels.Of(logits, Train.Images.Targets.index_select(0, indices), Weights());
    }

    /// <inheritdoc/>
    public Validation Validate()
    {
        var assessed = new Predictor(Classifier).Assess(Validation, Labels);
        return new Validation(assessed.Loss, assessed.Scores);
    }

    /// <inheritdoc/>
    public void Dispose() => weights?.Dispose();

    // moved to the device once, beyond the scope of the batch that asks first
    private Tensor? Weights() => Balance == ClassBalance.Loss
        ? weights ??= tensor(shares.LossWeights(), ScalarType.Float32, Device).DetachFromDisposeScope()
        : null;
}
