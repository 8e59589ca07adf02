using MedTransfer.Data;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// A network in two named parts that draws what it saw: <c>features</c>, the same as the CNN's, maps images (N, C, S, S) to embeddings (N, D),
/// <c>decoder</c> maps those to images again.
/// </summary>
public sealed class Autoencoder : nn.Module<Tensor, Tensor>
{
    private readonly ConvNetFeatures features;
    private readonly ConvNetDecoder decoder;

    private Autoencoder(int channels, int imageSize, int width) : base(nameof(Autoencoder))
    {
        features = new ConvNetFeatures(channels, imageSize, width);
        decoder = new ConvNetDecoder(channels, imageSize, width);
        RegisterComponents();
        Awaken();
    }

    /// <summary>Maps images (N, C, S, S) in [-1, 1] to embeddings (N, D).</summary>
    public nn.Module<Tensor, Tensor> Features => features;

    /// <summary>Maps embeddings (N, D) to images (N, C, S, S) in (0, 1).</summary>
    public nn.Module<Tensor, Tensor> Decoder => decoder;

    /// <summary>A model for images of that kind, drawn from <paramref name="seed"/>: PyTorch's default initialisation, but for the latent layer's bias, which is 1.</summary>
    public static Autoencoder Create(ModelOptions options, DatasetInfo data, long seed)
    {
        manual_seed(seed);
        return new(data.Channels, data.ImageSize, options.Latent);
    }

    /// <summary>Images (N, C, S, S) in [-1, 1] as they are drawn again: in (0, 1), black to white.</summary>
    public override Tensor forward(Tensor images) => decoder.call(features.call(images));

    // PyTorch's default leaves half of the latent's units below zero for every image: behind their ReLU no gradient would ever wake them
    private void Awaken()
    {
        using var noGradient = no_grad();
        nn.init.ones_(features.get_parameter("latent.bias")!);
    }
}
