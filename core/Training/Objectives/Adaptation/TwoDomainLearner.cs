using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>Learns from batches of two domains, which pass the network together.</summary>
/// <param name="classifier">What is trained.</param>
/// <param name="train">The target's images to learn from.</param>
/// <param name="validation">The target's images to look at after each epoch.</param>
/// <param name="sourceImages">The source's; of another size where the network sees both in one.</param>
internal sealed class TwoDomainLearner(Classifier classifier, LabelledImages train, LabelledImages validation, ImageSet sourceImages) : ILearner, IDisposable
{
    private readonly Dictionary<LabelledImages, Tensor> weights = new(ReferenceEqualityComparer.Instance);
    private Tensor? sourceOrder;
    private long taken;
    private double progress;

    /// <summary>The source's images with labels that are learned from; null where they are not.</summary>
    public LabelledImages? Source { get; init; }

    /// <summary>Whether labels of the target's training images are learned from.</summary>
    public bool UsesTargetLabels { get; init; } = true;

    /// <summary>What is minimised beside the losses; null for nothing.</summary>
    public Alignment? Alignment { get; init; }

    /// <summary>What each source image is drawn in proportion to, with replacement; null to pass each as often.</summary>
    public Tensor? DrawWeights { get; init; }

    /// <summary>Changes the training images of both; null for none.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>What is done about classes of unequal size, in each domain by its own; never by sampling.</summary>
    public ClassBalance Balance { get; init; }

    /// <summary>Images of either domain a step; of a source of fewer, all.</summary>
    public required int BatchSize { get; init; }

    /// <inheritdoc/>
    public nn.Module Model => classifier;

    /// <inheritdoc/>
    public int Count => train.Count;

    /// <inheritdoc/>
    public Device Device => train.Images.Device;

    private int SourceBatch => Math.Min(BatchSize, sourceImages.Count);

    /// <inheritdoc/>
    public Tensor Order(Generator draws)
    {
        var order = ILearner.Shuffled(Count, draws);
        sourceOrder?.Dispose();
        (sourceOrder, taken) = (SourceOrder(draws).to(Device).DetachFromDisposeScope(), 0);
        return order;
    }

    /// <inheritdoc/>
    public void Skip(int batches) => taken = (long)batches * SourceBatch;

    /// <inheritdoc/>
    public void Advance(double progress) => this.progress = progress;

    /// <inheritdoc/>
    public BatchLoss Loss(Tensor indices)
    {
        var ofSource = sourceOrder!.narrow(0, taken, SourceBatch);
        taken += SourceBatch;
        var (count, images) = (indices.shape[0], Together(train.Images.Images(indices), sourceImages.Images(ofSource)));
        var embeddings = classifier.Features.call(Augmentation?.Apply(images) ?? images);
        var logits = classifier.Logits(embeddings);
        List<Tensor> losses = [];
        if (UsesTargetLabels)
            losses.Add(LossOf(train, logits.narrow(0, 0, count), indices));
        if (Source is not null)
            losses.Add(LossOf(Source, logits.narrow(0, count, SourceBatch), ofSource));
        var alignment = Alignment?.Invoke(embeddings.narrow(0, 0, count), embeddings.narrow(0, count, SourceBatch), progress);
        return new(losses.Aggregate((a, b) => a.add(b, Scalars.One)))
        {
            Term = alignment?.Term,
            Reported = alignment?.DomainAccuracy is { } accuracy ? [new(Metric.DomainAccuracy, accuracy)] : [],
        };
    }

    /// <inheritdoc/>
    public Validation? Validate()
    {
        if (validation.Count == 0)
            return null;
        var assessed = new Predictor(classifier).Assess(validation);
        return new Validation(assessed.Loss, assessed.Scores.Values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sourceOrder?.Dispose();
        foreach (var tensor in weights.Values)
            tensor.Dispose();
    }

    // of different sizes both become what the network sees
    private Tensor Together(Tensor target, Tensor source)
    {
        var seen = classifier.Layers.Seen;
        return target.shape[3] == source.shape[3] ? cat([target, source]) : cat([seen.Sized(target), seen.Sized(source)]);
    }

    // as many batches as the target has at most
    private Tensor SourceOrder(Generator draws)
    {
        var needed = (Count + BatchSize - 1) / BatchSize * SourceBatch;
        if (DrawWeights is not null)
            return DrawWeights.multinomial(needed, replacement: true, generator: draws);
        var rounds = (needed + sourceImages.Count - 1) / sourceImages.Count;
        return cat([.. Enumerable.Range(0, rounds).Select(_ => ILearner.Shuffled(sourceImages.Count, draws))]).narrow(0, 0, needed);
    }

    private Tensor LossOf(LabelledImages images, Tensor logits, Tensor indices) =>
        images.Task.Loss(logits, images.Targets.index_select(0, indices), WeightsOf(images));

    // moved to the device once, beyond the scope of the batch that asks first
    private Tensor? WeightsOf(LabelledImages images)
    {
        if (Balance != ClassBalance.Loss)
            return null;
        if (!weights.TryGetValue(images, out var known))
            weights[images] = known = tensor(images.Task.LossWeights(images.Labels, classifier.Outputs), ScalarType.Float32, Device).DetachFromDisposeScope();
        return known;
    }
}
