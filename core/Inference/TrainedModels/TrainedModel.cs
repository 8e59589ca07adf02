using MedTransfer.Data;
using MedTransfer.Evaluation.Calibration;
using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference.TrainedModels;

/// <summary>A trained network and all that it takes to use it: how images are made ready, what becomes of its answers, what it learned from.</summary>
/// <param name="Network">In evaluation mode; it belongs to this.</param>
/// <param name="Known">Of the images that it learned from.</param>
public sealed record TrainedModel(ModelDescription Description, Classifier Network, TrainingImages Known) : IDisposable
{
    /// <summary>What its labels ask for.</summary>
    public LearningTask Task => LearningTask.Of(Description.Task, Description.PositiveClass ?? 1);

    /// <summary>What it says of images that are of its size and channels.</summary>
    /// <exception cref="OperationCanceledException">Asked for between two batches.</exception>
    public ModelAnswers Answer(Split images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var embeddings = Embedded(Network, images, cancellation);
        return new(Scaled(Task.Probabilities(Network.Logits(embeddings)).ToMatrix()), embeddings.ToMatrix());
    }

    /// <summary>Embeddings (N, D) of images that are of a network's size and channels.</summary>
    /// <exception cref="OperationCanceledException">Asked for between two batches.</exception>
    public static float[,] EmbeddingsOf(Classifier network, Split images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Embedded(network, images, cancellation).ToMatrix();
    }

    private static Tensor Embedded(Classifier network, Split images, CancellationToken cancellation)
    {
        using var set = new ImageSet(images, CPU);
        return ForwardPass.Map(network.Layers, set, batch =>
        {
            cancellation.ThrowIfCancellationRequested();
            return network.Layers.call(batch);
        });
    }

    /// <summary>Probabilities (N, K) as the temperature makes them of the network's own; of findings, which have none, the same.</summary>
    public float[,] Scaled(float[,] probabilities) =>
        Description is { Task: not LabelTask.MultiLabel, Temperature: { } temperature } ? new TemperatureScaling(temperature).Apply(probabilities) : probabilities;

    /// <summary>What is called of one image's probabilities: of classes one, of findings any number, by their numbers.</summary>
    /// <param name="probabilities">K, scaled.</param>
    public IReadOnlyList<int> Called(ReadOnlySpan<float> probabilities)
    {
        if (Description.Task == LabelTask.MultiLabel)
        {
            var called = new List<int>();
            for (var finding = 0; finding < probabilities.Length; finding++)
            {
                if (probabilities[finding] >= (Description.Thresholds[finding] ?? .5))
                    called.Add(finding);
            }

            return called;
        }

        if (Description.PositiveClass is { } positive)
            return [probabilities[positive] >= (Description.Thresholds[0] ?? .5) ? positive : 1 - positive];
        var best = 0;
        for (var label = 1; label < probabilities.Length; label++)
        {
            if (probabilities[label] > probabilities[best])
                best = label;
        }

        return [best];
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}

/// <summary>What a model says of images, a row each in their order.</summary>
/// <param name="Probabilities">(N, K), scaled by its temperature.</param>
/// <param name="Embeddings">(N, D).</param>
public sealed record ModelAnswers(float[,] Probabilities, float[,] Embeddings);
