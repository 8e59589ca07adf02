using MedTransfer.Data;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>Blocks of a residual network's four stages, each 1 or more.</summary>
public readonly record struct StageBlocks(int First, int Second, int Third, int Fourth)
{
    /// <inheritdoc/>
    public override string ToString() => $"{First}, {Second}, {Third}, {Fourth}";

    internal IReadOnlyList<int> Counts => [First, Second, Third, Fourth];
}

/// <summary>How a residual network begins.</summary>
public enum ResNetStem
{
    /// <summary>A 7 x 7 convolution and a pooling, each halving the side: as published for images of 224 pixels.</summary>
    Standard,

    /// <summary>A 3 x 3 convolution that keeps the side, and no pooling: as published for CIFAR's images of 32 pixels, and MedMNIST's of 28.</summary>
    Cifar,
}

/// <summary>
/// A residual network (He et al. 2016) without its classifier, names and shapes of weights as torchvision's: a stem, four stages of blocks of
/// which all but the first halve the side, and the mean over the places that are left: images (N, C, S, S) to embeddings (N, 512) of basic
/// blocks, (N, 2048) of bottlenecks. Stages are frozen, cached and transferred block by block.
/// </summary>
internal sealed class ResNetFeatures : FeatureLayers
{
    /// <summary>MedMNIST's smallest; smaller ones can be enlarged.</summary>
    public const int LeastImageSize = 28;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ModuleList<ResidualBlock> layer1, layer2, layer3, layer4;
    private readonly ResNetStem stem;
    private readonly IReadOnlyList<ResidualBlock> blocks;

    /// <param name="block">Makes a block of so many input channels, inner width and stride.</param>
    /// <param name="usual">Blocks of the stages where the options name none.</param>
    public ResNetFeatures(ModelOptions options, DatasetInfo data, StageBlocks usual, Func<long, long, long, ResidualBlock> block)
        : base(nameof(ResNetFeatures), options.SeenAs, [.. Stages(options, usual).SelectMany(stage => stage.Layers)])
    {
        stem = options.Stem;
        var channels = options.SeenAs.ChannelsOn(data);
        conv1 = stem == ResNetStem.Cifar ? Convolution(channels, 64, 3) : Convolution(channels, 64, 7, stride: 2);
        bn1 = nn.BatchNorm2d(64);
        var counts = (options.Blocks ?? usual).Counts;
        long from = 64;
        (layer1, layer2, layer3, layer4) = (Stage(0), Stage(1), Stage(2), Stage(3));
        blocks = [.. layer1, .. layer2, .. layer3, .. layer4];
        RegisterComponents();

        ModuleList<ResidualBlock> Stage(int index)
        {
            var made = new List<ResidualBlock>();
            for (var i = 0; i < counts[index]; i++)
            {
                made.Add(block(from, 64L << index, i == 0 && index > 0 ? 2 : 1));
                from = made[^1].Outputs;
            }

            return nn.ModuleList([.. made]);
        }
    }

    /// <inheritdoc/>
    public override int MapLayers => Depth;

    public static IReadOnlyList<Stage> Stages(ModelOptions options, StageBlocks usual) =>
    [
        new("stem", nameof(conv1), nameof(bn1)),
        .. (options.Blocks ?? usual).Counts.Select((count, index) => new Stage($"layer{index + 1}", [.. Enumerable.Range(0, count).Select(block => $"layer{index + 1}.{block}")])),
    ];

    /// <summary>The options of a residual network whose features' arrays are these; null where they are of none of such blocks.</summary>
    /// <param name="usual">Blocks of the stages that its options need not name.</param>
    /// <param name="isBlock">Whether the arrays of a block, asked for by name, are those of one of such inner width.</param>
    public static ModelOptions? Recognised(
        Func<string, WeightShape?> given, Architecture architecture, StageBlocks usual, Func<Func<string, WeightShape?>, long, bool> isBlock)
    {
        if (given("conv1.weight") is not { Shape: [64, _, (3 or 7) and var size, _] })
            return null;
        var counts = new int[4];
        for (var stage = 0; stage < counts.Length; stage++)
        {
            string Of(string weight) => $"layer{stage + 1}.{counts[stage]}.{weight}";
            while (isBlock(weight => given(Of(weight)), 64L << stage))
                counts[stage]++;
            // what follows is a block of another kind
            if (counts[stage] == 0 || given(Of("conv1.weight")) is not null)
                return null;
        }

        var blocks = new StageBlocks(counts[0], counts[1], counts[2], counts[3]);
        return new() { Architecture = architecture, Blocks = blocks == usual ? null : blocks, Stem = size == 7 ? ResNetStem.Standard : ResNetStem.Cifar };
    }

    /// <summary>A convolution without bias that keeps the side but for its stride, drawn as torchvision draws it (He et al. 2015, by outputs).</summary>
    public static Conv2d Convolution(long from, long to, long size, long stride = 1)
    {
        var made = nn.Conv2d(from, to, size, stride: stride, padding: size / 2, bias: false);
        nn.init.kaiming_normal_(made.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        return made;
    }

    protected override Tensor Pass(Tensor values, int from, int to)
    {
        var x = values;
        for (var layer = from; layer < to; layer++)
        {
            x = layer switch
            {
                0 => conv1.call(x),
                1 => Pooled(bn1.call(x).relu_()),
                _ => blocks[layer - 2].call(x),
            };
        }

        return x;
    }

    protected override Tensor Embedding(Tensor values) => values.mean([2, 3]);

    protected override string AddLayers(OnnxGraph graph, GraphImages images)
    {
        var stemmed = graph.Relu(graph.BatchNorm(graph.Convolution(images.Name, InFile(nameof(conv1)), conv1), InFile(nameof(bn1)), bn1));
        var pooled = stem == ResNetStem.Cifar ? stemmed : graph.MaxPool(stemmed, size: 3, stride: 2, padding: 1);
        return graph.MeanOverPlaces(blocks.Zip(Names.Skip(2)).Aggregate(pooled, (x, block) => block.First.AddTo(graph, x, InFile(block.Second))));
    }

    private Tensor Pooled(Tensor x) => stem == ResNetStem.Cifar ? x : nn.functional.max_pool2d(x, 3, stride: 2, padding: 1);
}

/// <summary>What a residual network adds to its input, and the sum: (N, from, S, S) to (N, Outputs, S / stride, S / stride), non-negative.</summary>
internal abstract class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Sequential? downsample;

    /// <param name="from">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    protected ResidualBlock(string name, long from, long outputs, long stride) : base(name)
    {
        Outputs = outputs;
        downsample = stride == 1 && from == outputs
            ? null
            : nn.Sequential(("0", ResNetFeatures.Convolution(from, outputs, 1, stride)), ("1", nn.BatchNorm2d(outputs)));
    }

    /// <summary>Output channels.</summary>
    public long Outputs { get; }

    public override Tensor forward(Tensor values) => Residual(values).add_(downsample?.call(values) ?? values, Scalars.One).relu_();

    /// <summary>Adds it to a graph in evaluation mode, under that name.</summary>
    public string AddTo(OnnxGraph graph, string values, string name)
    {
        var residual = AddResidual(graph, values, name);
        var kept = downsample is [Conv2d projection, BatchNorm2d norm]
            ? graph.BatchNorm(graph.Convolution(values, $"{name}.{nameof(downsample)}.0", projection), $"{name}.{nameof(downsample)}.1", norm)
            : values;
        return graph.Relu(graph.Node("Add", [residual, kept]));
    }

    /// <summary>What is added.</summary>
    protected abstract Tensor Residual(Tensor values);

    /// <summary>The same in a graph.</summary>
    protected abstract string AddResidual(OnnxGraph graph, string values, string name);

    /// <summary>A convolution in a graph, and what normalises it.</summary>
    protected static string Normalised(OnnxGraph graph, string values, (string Name, Conv2d Layer) convolution, (string Name, BatchNorm2d Layer) norm) =>
        graph.BatchNorm(graph.Convolution(values, convolution.Name, convolution.Layer), norm.Name, norm.Layer);
}
