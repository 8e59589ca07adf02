using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

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
    private readonly BalancedLabels balanced = new(Labels, Train, Classifier.Outputs, Balance);

    /// <inheritdoc/>
    public nn.Module Model => Classifier;

    /// <inheritdoc/>
    public int Count => balanced.Count;

    /// <inheritdoc/>
    public Device Device => balanced.Device;

    /// <inheritdoc/>
    public Tensor Order(Generator draws) => balanced.Order(draws);

    /// <inheritdoc/>
    public Tensor Loss(Tensor indices)
    {
        var images = Train.Images.Images(indices);
        return balanced.Loss(Classifier.forward(Augmentation?.Apply(images) ?? images), indices);
    }

    /// <inheritdoc/>
    public Validation Validate()
    {
        var assessed = new Predictor(Classifier).Assess(Validation, Labels);
        return new Validation(assessed.Loss, assessed.Scores);
    }

    /// <inheritdoc/>
    public void Dispose() => balanced.Dispose();
}
