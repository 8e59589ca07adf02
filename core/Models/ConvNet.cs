using MedTransfer.Data;
using MedTransfer.Models.Layers;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>
/// The study's small CNN: three 3x3 convolutions of 16, 32 and 64 channels, each with ReLU and 2x2 max pooling, flattened to a latent layer
/// with ReLU: images (N, C, S, S) to embeddings (N, latent), non-negative.
/// </summary>
internal sealed class ConvNetFeatures : FeatureLayers
{
    private static readonly IReadOnlyList<string> LayerNames = [nameof(conv1), nameof(conv2), nameof(conv3), nameof(latent)];

    private readonly Conv2d conv1, conv2, conv3;
    private readonly Linear latent;

    private ConvNetFeatures(ModelInput input, DatasetInfo data, int width) : base(nameof(ConvNetFeatures), input, LayerNames)
    {
        conv1 = nn.Conv2d(input.ChannelsOn(data), 16, 3, padding: 1);
        conv2 = nn.Conv2d(16, 32, 3, padding: 1);
        conv3 = nn.Conv2d(32, 64, 3, padding: 1);
        var pooled = input.SizeOn(data) / 8;
        latent = nn.Linear(64 * pooled * pooled, width);
        RegisterComponents();
    }

    public static Architecture Entry() => new((options, data) => new ConvNetFeatures(options.SeenAs, data, options.Latent))
    {
        Name = "convNet",
        Title = "CNN",
        Description = "three convolutions of 16, 32 and 64 channels and a latent layer",
        StagesOf = _ => [.. LayerNames.Select(layer => new Stage(layer, layer))],
        MultiplyAdds = 1.9,
        LeastImageSize = 8,   // three poolings halve an image three times
        EmbeddingWidth = (options, _) => options.Latent,
        Recognise = Recognised,
        Decoder = (options, data) => new ConvNetDecoder(data.Channels, data.ImageSize, options.Latent),
    };

    /// <inheritdoc/>
    public override int MapLayers => LayerNames.Count - 1;   // all but the latent layer

    // how many pixels the images had does not matter here
    private static ModelOptions? Recognised(Func<string, WeightShape?> given) =>
        given("conv1.weight") is { Shape: [16, _, 3, 3] } && given("conv2.weight") is { Shape: [32, 16, 3, 3] } && given("conv3.weight") is { Shape: [64, 32, 3, 3] }
        && given("latent.weight") is { Shape: [var width, _] }
            ? new() { Architecture = Architecture.ConvNet, Latent = (int)width } : null;

    protected override Tensor Pass(Tensor values, int from, int to)
    {
        var x = values;
        for (var layer = from; layer < to; layer++)
        {
            x = layer switch
            {
                0 => PooledConvolution.Of(conv1, x),
                1 => PooledConvolution.Of(conv2, ChannelsLast(x)),
                2 => PooledConvolution.Of(conv3, ChannelsLast(x)),
                _ => latent.call(x.flatten(1)).relu_(),
            };
        }

        return x;
    }

    protected override string AddLayers(OnnxGraph graph, GraphImages images)
    {
        var maps = Block(Block(Block(images.Name, nameof(conv1), conv1), nameof(conv2), conv2), nameof(conv3), conv3);
        return graph.Relu(graph.Linear(graph.Flat(maps), InFile(nameof(latent)), latent));

        string Block(string x, string name, Conv2d convolution) => graph.Relu(graph.MaxPool(graph.Convolution(x, InFile(name), convolution), size: 2, stride: 2));
    }

    // the same values with each pixel's channels side by side in memory: libtorch's convolutions and poolings then take a quarter less time;
    // what is so already stays where it is
    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}

/// <summary>
/// The mirror of <see cref="ConvNetFeatures"/>: a linear layer with ReLU from the latent to 64 maps, then three transposed 4x4 convolutions of
/// 32, 16 and C channels, each doubling the side, ReLU between them and a sigmoid at the end: (N, latent) to (N, C, S, S) in (0, 1).
/// </summary>
internal sealed class ConvNetDecoder : nn.Module<Tensor, Tensor>
{
    private readonly long side;
    private readonly Linear latent;
    private readonly ConvTranspose2d deconv1, deconv2, deconv3;

    public ConvNetDecoder(int channels, int imageSize, int width) : base(nameof(ConvNetDecoder))
    {
        side = imageSize / 8;
        latent = nn.Linear(width, 64 * side * side);
        deconv1 = Doubling(64, 32, imageSize / 4);
        deconv2 = Doubling(32, 16, imageSize / 2);
        deconv3 = Doubling(16, channels, imageSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor embeddings)
    {
        var x = latent.call(embeddings).relu_().reshape(-1, 64, side, side);
        x = deconv1.call(x).relu_();
        x = deconv2.call(x).relu_();
        return deconv3.call(x).sigmoid_();
    }

    // pooling drops the last row of an odd side (28, 14, 7, 3): it is padded back. Transposed, rather than enlarged and convolved: the gradient
    // of a plain convolution to one or two channels came out as NaN (libtorch 2.10 on a CPU, 16 channels of 28 x 28)
    private static ConvTranspose2d Doubling(int from, int to, int size) =>
        nn.ConvTranspose2d(from, to, 4, stride: 2, padding: 1, output_padding: size % 2);
}
