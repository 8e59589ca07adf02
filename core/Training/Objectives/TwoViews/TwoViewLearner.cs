using MedTransfer.Data;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives.TwoViews;

/// <summary>
/// Learns from two views of each image of a batch, and reports how far the embeddings of the first validation images have collapsed: of training images where there are none for validation.
/// After each epoch every validation image passes the network twice, the first 1,000 once more, and where the data has labels 2,000 training images besides.
/// </summary>
internal sealed class TwoViewLearner : ILearner, IDisposable
{
    private readonly ViewPairs pairs;
    private readonly ImageSet train, validation, watched;
    private readonly LinearProbe? probe;
    private readonly int batchSize;

    /// <param name="pairs">What is trained.</param>
    /// <param name="batchSize">Images a step, at least 2.</param>
    public TwoViewLearner(ViewPairs pairs, Dataset data, int batchSize, Device device)
    {
        (this.pairs, this.batchSize) = (pairs, batchSize);
        (train, validation) = (new(data.Train, device), new(data.Validation, device));
        watched = (data.Validation.Count > 0 ? data.Validation : data.Train).First(EmbeddingSpread.MostImages, device);
        probe = data.Info.Task is null ? null : new(data, device);
    }

    /// <summary>Asked while the probe is solved.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <inheritdoc/>
    public nn.Module Model => pairs.Encoder;

    /// <inheritdoc/>
    public int Count => train.Count;

    /// <inheritdoc/>
    public Device Device => train.Device;

    /// <inheritdoc/>
    /// <remarks>Without one that would be a batch by itself: in each epoch another.</remarks>
    public Tensor Order(Generator draws) => ViewPairs.NoneAlone(ILearner.Shuffled(Count, draws), batchSize);

    /// <inheritdoc/>
    public BatchLoss Loss(Tensor indices) => pairs.Loss(train.Images(indices));

    /// <inheritdoc/>
    public Validation? Validate()
    {
        using var scope = NewDisposeScope();
        var layers = pairs.Encoder.Layers;
        double? loss = validation.Count == 0 ? null : pairs.MeanLoss(validation, batchSize);
        var metrics = EmbeddingSpread.ValuesOf(EmbeddingSpread.Of(ForwardPass.Map(layers, watched, layers.call)));
        return new(loss, new(probe is null ? metrics : metrics.Append(new(Metric.ProbeRocAuc, probe.RocAuc(layers, Cancellation)))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
        watched.Dispose();
        probe?.Dispose();
    }
}
