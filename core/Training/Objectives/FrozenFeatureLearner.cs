using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Learns to tell the labels of images by the head alone, from embeddings computed once: the same batches, the same dropout and, but for
/// rounding, the same weights as through features that stay, in the time of the head. Holds 4 D bytes for each image, D the embedding's
/// width. Features must not differ between training and evaluation, or draw; those of <see cref="Classifier"/> do neither.
/// </summary>
/// <param name="Balance">What is done about training classes of unequal size.</param>
public sealed record FrozenFeatureLearner(
    Classifier Classifier,
    LabelLoss Labels,
    LabelledImages Train,
    LabelledImages Validation,
    ClassBalance Balance = ClassBalance.None) : ILearner, IDisposable
{
    private readonly BalancedLabels balanced = new(Labels, Train, Classifier.Outputs, Balance);
    private Tensor? trainEmbeddings, validationEmbeddings;

    /// <inheritdoc/>
    public nn.Module Model => Classifier;

    /// <inheritdoc/>
    public int Count => balanced.Count;

    /// <inheritdoc/>
    public Device Device => balanced.Device;

    /// <inheritdoc/>
    public Tensor Order(Generator draws) => balanced.Order(draws);

    /// <inheritdoc/>
    /// <remarks>The first call computes the embeddings of the training images: their time is the first epoch's.</remarks>
    public Tensor Loss(Tensor indices)
    {
        trainEmbeddings ??= Embeddings(Train);
        return balanced.Loss(Classifier.Logits(trainEmbeddings.index_select(0, indices)), indices);
    }

    /// <inheritdoc/>
    public Validation Validate()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Classifier.eval();
        validationEmbeddings ??= Embeddings(Validation);
        var assessed = Assessment.Of(Classifier.Logits(validationEmbeddings), Validation, Labels);
        return new Validation(assessed.Loss, assessed.Scores);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        balanced.Dispose();
        trainEmbeddings?.Dispose();
        validationEmbeddings?.Dispose();
    }

    // beyond the scope of the batch that asks first; the features alone go to evaluation mode: whether there is dropout is the whole model's
    private Tensor Embeddings(LabelledImages images) =>
        ForwardPass.Map(Classifier.Features, images.Images, Classifier.Features.call).DetachFromDisposeScope();
}
