using MedTransfer.Data;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// A network in two named parts that draws what it saw: <c>features</c>, the same as the classifier's, maps images (N, C, S, S) to embeddings (N, D),
/// <c>decoder</c> maps those to images again.
/// </summary>
public sealed class Autoencoder : nn.Module<Tensor, Tensor>
{
    private readonly FeatureLayers features;
    private readonly nn.Module<Tensor, Tensor> decoder;

    private Autoencoder(FeatureLayers features, nn.Module<Tensor, Tensor> decoder) : base(nameof(Autoencoder))
    {
        (this.features, this.decoder) = (features, decoder);
        RegisterComponents();
        features.Awaken();
    }

    /// <summary>Maps images (N, C, S, S) in [-1, 1] to embeddings (N, D).</summary>
    public nn.Module<Tensor, Tensor> Features => features;

    /// <summary>The features, layer by layer.</summary>
    internal FeatureLayers Layers => features;

    /// <summary>Maps embeddings (N, D) to images (N, C, S, S) in (0, 1).</summary>
    public nn.Module<Tensor, Tensor> Decoder => decoder;

    /// <summary>
    /// A model for images of that kind, of an architecture that has a decoder, drawn from <paramref name="seed"/>: PyTorch's default
    /// initialisation, but for the bias of the last layer before the embedding, which is 1.
    /// </summary>
    public static Autoencoder Create(ModelOptions options, DatasetInfo data, long seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        var architecture = options.Architecture;
        var decoder = architecture.Decoder ?? throw new ArgumentException($"{architecture} has no decoder", nameof(options));
        manual_seed(seed);
        return new(architecture.Features(options, data), decoder(options, data));
    }

    /// <summary>Images (N, C, S, S) in [-1, 1] as they are drawn again: in (0, 1), black to white.</summary>
    public override Tensor forward(Tensor images) => decoder.call(features.call(images));
}
