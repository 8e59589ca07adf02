using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Learns to tell the labels of images. The first layers that stay in a phase are passed once, before its first batch, where an embedder can
/// keep what comes out of them: the same batches, the same dropout and, but for rounding, the same weights as through all layers, in the time
/// of those that train. Layers that stay run as they do when the model predicts, in training too, and draw nothing.
/// </summary>
/// <param name="Train">Images to learn from.</param>
/// <param name="Validation">Images to look at after each epoch.</param>
public sealed record ClassifierLearner(Classifier Classifier, LabelledImages Train, LabelledImages Validation) : ILearner, IDisposable
{
    private Tensor? weights, known;
    private int depth;

    /// <summary>Changes the training images; null for none.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>What is done about training classes of unequal size.</summary>
    public ClassBalance Balance { get; init; }

    /// <summary>Keeps what comes out of layers that stay; null to pass them in every epoch.</summary>
    public Embedder? Embedder { get; init; }

    /// <summary>What is minimised beside the loss, a float32 scalar with a gradient, given a batch's embeddings (n, D) and which images they are of, int64 (n); null for nothing.</summary>
    public Func<Tensor, Tensor, Tensor>? Term { get; init; }

    /// <inheritdoc/>
    public nn.Module Model => Classifier;

    /// <inheritdoc/>
    public int Count => Train.Count;

    /// <inheritdoc/>
    public Device Device => Train.Images.Device;

    /// <inheritdoc/>
    /// <remarks>Computes what comes out of the phase's frozen layers, before any layer trains.</remarks>
    public void Begin(Phase phase)
    {
        depth = Embedder is null ? 0 : Classifier.FrozenDepth(phase);
        known = Augmentation is null && depth > 0 ? Embedder!.Of(Classifier.Layers, depth, Train.Images) : null;
    }

    /// <inheritdoc/>
    public Tensor Order(Generator draws) => Balance == ClassBalance.Sampling
        ? tensor(Train.Task.DrawWeights(Train.Labels)).multinomial(Count, replacement: true, generator: draws)
        : ILearner.Shuffled(Count, draws);

    /// <inheritdoc/>
    public BatchLoss Loss(Tensor indices)
    {
        var embeddings = known is null ? Classifier.Features.call(Images(indices)) : Classifier.Layers.Through(known.index_select(0, indices), depth, Classifier.Layers.Depth);
        return new(Train.Task.Loss(Classifier.Logits(embeddings), Train.Targets.index_select(0, indices), Weights())) { Term = Term?.Invoke(embeddings, indices) };
    }

    /// <inheritdoc/>
    public Validation? Validate()
    {
        if (Validation.Count == 0)
            return null;
        var assessed = new Predictor(Classifier) { Embedder = Embedder, Depth = depth }.Assess(Validation);
        return new Validation(assessed.Loss, assessed.Scores.Values);
    }

    /// <inheritdoc/>
    public void Dispose() => weights?.Dispose();

    private Tensor Images(Tensor indices)
    {
        var images = Train.Images.Images(indices);
        return Augmentation?.Apply(images) ?? images;
    }

    // moved to the device once, beyond the scope of the batch that asks first
    private Tensor? Weights() => Balance == ClassBalance.Loss
        ? weights ??= tensor(Train.Task.LossWeights(Train.Labels, Classifier.Outputs), ScalarType.Float32, Device).DetachFromDisposeScope()
        : null;
}
