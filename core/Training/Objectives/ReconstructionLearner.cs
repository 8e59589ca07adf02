using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>Learns to draw images again, through the latent layer's few numbers; asks for no labels. The loss is the mean squared error in [0, 1].</summary>
/// <param name="Augmentation">Changes the training images, and what is to be drawn with them; null for none.</param>
public sealed record ReconstructionLearner(Autoencoder Autoencoder, ImageSet Train, ImageSet Validation, Augmentation? Augmentation = null) : ILearner
{
    /// <inheritdoc/>
    public nn.Module Model => Autoencoder;

    /// <inheritdoc/>
    public int Count => Train.Count;

    /// <inheritdoc/>
    public Device Device => Train.Device;

    /// <inheritdoc/>
    public BatchLoss Loss(Tensor indices)
    {
        var images = Train.Images(indices);
        return Reconstructor.Loss(Autoencoder, Augmentation?.Apply(images) ?? images);
    }

    /// <inheritdoc/>
    public Validation? Validate() => Validation.Count == 0 ? null : new(new Reconstructor(Autoencoder).Loss(Validation), MetricValues.None);
}
