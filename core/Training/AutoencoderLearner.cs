using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>Learns to draw images again, through the latent layer's few numbers; asks for no labels. The loss is the mean squared error in [0, 1].</summary>
public sealed record AutoencoderLearner(Autoencoder Autoencoder, ImageSet Train, ImageSet Validation) : ILearner
{
    /// <inheritdoc/>
    public nn.Module Model => Autoencoder;

    /// <inheritdoc/>
    public int Count => Train.Count;

    /// <inheritdoc/>
    public Device Device => Train.Device;

    /// <inheritdoc/>
    public Tensor Loss(Tensor indices) => Reconstructor.Loss(Autoencoder, Train.Images(indices));

    /// <inheritdoc/>
    public Validation Validate() => new(new Reconstructor(Autoencoder).Loss(Validation), null);
}
