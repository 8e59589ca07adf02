using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class StateDictTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, int[]?, ResNetStem, int> Networks => new()
    {
        { "resNet18", null, ResNetStem.Standard, 3 },
        { "resNet18", [3, 4, 6, 3], ResNetStem.Standard, 1 },   // ResNet-34
        { "resNet18", [2, 2, 2, 3], ResNetStem.Cifar, 3 },
        { "resNet50", null, ResNetStem.Standard, 3 },
        { "resNet50", [1, 1, 1, 2], ResNetStem.Cifar, 1 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Network_is_told_from_names_and_shapes(string architecture, int[]? blocks, ResNetStem stem, int channels)
    {
        var options = new ModelOptions
        {
            Architecture = Architecture.TryFind(architecture)!,
            Blocks = blocks is null ? null : new(blocks[0], blocks[1], blocks[2], blocks[3]),
            Stem = stem,
        };
        var shapes = ShapesOf(options, channels);

        foreach (var prefix in new[] { "", "module.", "model.backbone.", "features.", "anybodys.own." })
            Assert.Equal(options, StateDict.ArchitectureOf(shapes.ToDictionary(weight => prefix + weight.Key, weight => weight.Value)));
    }

    [Theory]
    [InlineData("features.conv2.weight", float.NaN, "holds values in features.conv2.weight that are no numbers, or infinite")]
    [InlineData("features.conv2.weight", float.PositiveInfinity, "holds values in features.conv2.weight that are no numbers, or infinite")]
    [InlineData("features.bn1.running_var", -0.1f, "holds variances below 0 in features.bn1.running_var")]
    public void Weights_that_no_network_works_with_are_refused(string name, float value, string said)
    {
        var (path, bytes) = (folder["weights.safetensors"], new byte[8]);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), value);
        Safetensors.Write(path, [new("features.conv2.bias", new(SafeTensorType.F32, [2], new byte[8])), new(name, new(SafeTensorType.F32, [2], bytes))]);

        Assert.StartsWith($"{path} {said}", Assert.Throws<MedTransferException>(() => StateDict.RequireSound(path)).Message, StringComparison.Ordinal);
        Safetensors.Write(path, [new(name, new(SafeTensorType.F32, [2], new byte[8]))]);
        StateDict.RequireSound(path);
    }

    [Fact]
    public void Cnn_of_ours_is_told_with_its_width()
    {
        using var model = Classifier.Create(new() { Latent = 9 }, Squares.Info, 1);
        WeightFile.Save(model, folder["weights.safetensors"]);

        Assert.Equal(new ModelOptions { Latent = 9 }, StateDict.ArchitectureOf(folder["weights.safetensors"]));
    }

    [Theory]
    [InlineData("layer2.0.conv2.weight", 128, 4)]   // ResNeXt's groups
    [InlineData("layer3.1.conv3.weight", 512, 256)]
    [InlineData("conv1.weight", 32, 3)]
    public void Bottlenecks_of_other_shapes_are_not_ours(string name, int to, int from)
    {
        var shapes = ShapesOf(new() { Architecture = Architecture.ResNet50 }, 3);
        shapes[name] = new(SafeTensorType.F32, [to, from, .. shapes[name].Shape.Skip(2)]);

        Assert.Null(StateDict.ArchitectureOf(shapes));
    }

    [Theory]
    [InlineData("a vision transformer", "cls_token", "pos_embed", "blocks.0.attn.qkv.weight")]
    [InlineData("a vision transformer", "module.class_token", "module.encoder.layers.encoder_layer_0.ln_1.weight")]
    [InlineData("a DenseNet", "features.conv0.weight", "features.denseblock1.denselayer1.conv1.weight")]
    [InlineData("a ResNet of another depth, width or stem, or of one that lacks arrays", "conv1.0.weight", "layer1.0.conv1.weight")]
    [InlineData("a network that is not known here", "a", "b")]
    public void Another_network_is_named_where_its_names_tell(string kind, params string[] names)
    {
        Safetensors.Write(folder["other.safetensors"], names.Select(name => KeyValuePair.Create(name, SafetensorsTests.Floats([1], 1))));

        var message = Assert.Throws<MedTransferException>(() => StateDict.ArchitectureOf(folder["other.safetensors"])).Message;

        Assert.Equal(
            $"{folder["other.safetensors"]} has the weights of {kind} ({string.Join(", ", names.Order(StringComparer.Ordinal))}): name a state dict of one of CNN, ResNet-18, ResNet-50, under torchvision's names",
            message);
    }

    [Theory]
    [InlineData("", "conv1.weight", "head.weight")]
    [InlineData("module.backbone.", "module.backbone.conv1.weight", "module.backbone.conv1.bias", "module.head.weight", "conv2.weight")]
    [InlineData("net.", "net.conv1.weight", "net.conv2.weight", "conv1.bias")]   // half of the four
    [InlineData(null, "net.conv1.weight")]   // less than half under a name that wraps nothing as a rule
    [InlineData("", "net.conv1.weight", "conv1.bias")]
    [InlineData("student.;teacher.", "student.conv1.weight", "student.conv1.bias", "teacher.conv1.weight", "teacher.conv1.bias")]
    [InlineData("encoder.", "decoder.conv1.weight", "decoder.conv1.bias", "encoder.conv1.weight", "encoder.conv1.bias")]
    [InlineData(null, "conv1weight", "xconv1.weight")]
    public void Prefix_is_that_of_most_arrays(string? prefixes, params string[] given) =>
        Assert.Equal(prefixes?.Split(';') ?? [], WeightPrefix.Of(["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"], given));

    // names and shapes of the features' arrays alone
    private static Dictionary<string, WeightShape> ShapesOf(ModelOptions options, int channels)
    {
        using var model = Classifier.Create(options, Squares.Info with { Channels = channels }, 1);
        return WeightShape.Of(model.state_dict()).Where(weight => weight.Key.StartsWith("features.", StringComparison.Ordinal))
            .ToDictionary(weight => weight.Key["features.".Length..], weight => weight.Value);
    }
}
