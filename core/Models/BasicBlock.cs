using MedTransfer.Models.Onnx.Export;
using MedTransfer.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>Two 3 x 3 convolutions of one width, each normalised: the block of ResNet-18.</summary>
internal sealed class BasicBlock : ResidualBlock
{
    private static readonly StageBlocks Usual = new(2, 2, 2, 2);

    private readonly Conv2d conv1, conv2;
    private readonly BatchNorm2d bn1, bn2;

    private BasicBlock(long from, long width, long stride) : base(nameof(BasicBlock), from, width, stride)
    {
        conv1 = ResNetFeatures.Convolution(from, width, 3, stride);
        bn1 = nn.BatchNorm2d(width);
        conv2 = ResNetFeatures.Convolution(width, width, 3);
        bn2 = nn.BatchNorm2d(width);
        RegisterComponents();
    }

    public static Architecture Entry() => new((options, data) => new ResNetFeatures(options, data, Usual, (from, width, stride) => new BasicBlock(from, width, stride)))
    {
        Name = "resNet18",
        Title = "ResNet-18",
        Description = "a residual network whose blocks have two 3 x 3 convolutions",
        StagesOf = options => ResNetFeatures.Stages(options, Usual),
        HasBatchNorm = true,
        MultiplyAdds = 28,   // 1.8 thousand millions at 224
        LeastImageSize = ResNetFeatures.LeastImageSize,
        EmbeddingWidth = (_, _) => 512,
        Recognise = given => ResNetFeatures.Recognised(given, Architecture.ResNet18, Usual, IsBlock),
    };

    private static bool IsBlock(Func<string, WeightShape?> given, long width) =>
        given("conv1.weight") is { Shape: [var inner, _, 3, 3] } && inner == width
        && given("conv2.weight") is { Shape: [var outputs, var from, 3, 3] } && outputs == width && from == width && given("conv3.weight") is null;

    protected override Tensor Residual(Tensor values) => bn2.call(conv2.call(bn1.call(conv1.call(values)).relu_()));

    protected override string AddResidual(OnnxGraph graph, string values, string name)
    {
        var x = graph.Relu(Normalised(graph, values, ($"{name}.{nameof(conv1)}", conv1), ($"{name}.{nameof(bn1)}", bn1)));
        return Normalised(graph, x, ($"{name}.{nameof(conv2)}", conv2), ($"{name}.{nameof(bn2)}", bn2));
    }
}
