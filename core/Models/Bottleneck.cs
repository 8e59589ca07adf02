using MedTransfer.Models.Onnx.Export;
using MedTransfer.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>A 1 x 1 convolution to fewer channels, a 3 x 3 one, which has the stride, and a 1 x 1 one to four times as many, each normalised: the block of ResNet-50.</summary>
internal sealed class Bottleneck : ResidualBlock
{
    private const long Expansion = 4;

    private static readonly StageBlocks Usual = new(3, 4, 6, 3);

    private readonly Conv2d conv1, conv2, conv3;
    private readonly BatchNorm2d bn1, bn2, bn3;

    private Bottleneck(long from, long width, long stride) : base(nameof(Bottleneck), from, width * Expansion, stride)
    {
        conv1 = ResNetFeatures.Convolution(from, width, 1);
        bn1 = nn.BatchNorm2d(width);
        conv2 = ResNetFeatures.Convolution(width, width, 3, stride);
        bn2 = nn.BatchNorm2d(width);
        conv3 = ResNetFeatures.Convolution(width, width * Expansion, 1);
        bn3 = nn.BatchNorm2d(width * Expansion);
        RegisterComponents();
    }

    public static Architecture Entry() => new((options, data) => new ResNetFeatures(options, data, Usual, (from, width, stride) => new Bottleneck(from, width, stride)))
    {
        Name = "resNet50",
        Title = "ResNet-50",
        Description = "a residual network whose blocks, bottlenecks, have three convolutions",
        StagesOf = options => ResNetFeatures.Stages(options, Usual),
        HasBatchNorm = true,
        MultiplyAdds = 64,   // 4.1 thousand millions at 224
        LeastImageSize = ResNetFeatures.LeastImageSize,
        EmbeddingWidth = (_, _) => (int)(512 * Expansion),
        Recognise = given => ResNetFeatures.Recognised(given, Architecture.ResNet50, Usual, IsBlock),
    };

    private static bool IsBlock(Func<string, WeightShape?> given, long width) =>
        given("conv1.weight") is { Shape: [var inner, _, 1, 1] } && inner == width
        && given("conv2.weight") is { Shape: [var same, var from, 3, 3] } && same == width && from == width
        && given("conv3.weight") is { Shape: [var outputs, _, 1, 1] } && outputs == width * Expansion;

    protected override Tensor Residual(Tensor values)
    {
        var x = bn1.call(conv1.call(values)).relu_();
        x = bn2.call(conv2.call(x)).relu_();
        return bn3.call(conv3.call(x));
    }

    protected override string AddResidual(OnnxGraph graph, string values, string name)
    {
        var x = graph.Relu(Normalised(graph, values, ($"{name}.{nameof(conv1)}", conv1), ($"{name}.{nameof(bn1)}", bn1)));
        x = graph.Relu(Normalised(graph, x, ($"{name}.{nameof(conv2)}", conv2), ($"{name}.{nameof(bn2)}", bn2)));
        return Normalised(graph, x, ($"{name}.{nameof(conv3)}", conv3), ($"{name}.{nameof(bn3)}", bn3));
    }
}
