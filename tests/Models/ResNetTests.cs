using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class ResNetTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    // torchvision 0.14: sum(p.numel() for p in resnet18().parameters()) is 11,689,512 and of resnet50() 25,557,032, of which fc has 513,000 and 2,049,000
    [Theory]
    [InlineData("resNet18", 11_176_512, 512, 120)]
    [InlineData("resNet50", 23_508_032, 2048, 318)]
    public void Weights_are_those_of_torchvision_without_its_classifier(string name, long parameters, int width, int arrays)
    {
        using var model = Classifier.Create(new() { Architecture = Architecture.TryFind(name)!, Input = new() { Pixels = PixelScale.ImageNet } }, Info(1, 64), 0);

        Assert.Equal(parameters, model.Features.parameters().Sum(weight => weight.numel()));
        Assert.Equal(width, model.EmbeddingWidth);
        Assert.Equal(arrays, model.Features.state_dict().Count);
        Assert.Equal([2, width], Of(model, rand([2, 1, 64, 64])).shape);
    }

    [Fact]
    public void Names_and_shapes_are_those_of_torchvision()
    {
        using var basic = Model(new() { Architecture = Architecture.ResNet18 }, channels: 3);
        using var bottlenecks = Model(new() { Architecture = Architecture.ResNet50 }, channels: 3);

        Assert.Equal(
            ["conv1.weight (64, 3, 7, 7)", "bn1.weight (64)", "bn1.running_var (64)", "bn1.num_batches_tracked ()", "layer1.0.conv1.weight (64, 64, 3, 3)", "layer2.0.conv1.weight (128, 64, 3, 3)", "layer2.0.downsample.0.weight (128, 64, 1, 1)", "layer2.0.downsample.1.running_mean (128)", "layer4.1.bn2.bias (512)"],
            Shapes(basic, "conv1.weight", "bn1.weight", "bn1.running_var", "bn1.num_batches_tracked", "layer1.0.conv1.weight", "layer2.0.conv1.weight", "layer2.0.downsample.0.weight", "layer2.0.downsample.1.running_mean", "layer4.1.bn2.bias"));
        Assert.Equal(
            ["layer1.0.conv1.weight (64, 64, 1, 1)", "layer1.0.downsample.0.weight (256, 64, 1, 1)", "layer2.0.conv1.weight (128, 256, 1, 1)", "layer2.0.conv2.weight (128, 128, 3, 3)", "layer3.5.conv3.weight (1024, 256, 1, 1)", "layer4.0.downsample.0.weight (2048, 1024, 1, 1)"],
            Shapes(bottlenecks, "layer1.0.conv1.weight", "layer1.0.downsample.0.weight", "layer2.0.conv1.weight", "layer2.0.conv2.weight", "layer3.5.conv3.weight", "layer4.0.downsample.0.weight"));
    }

    [Fact]
    public void Layers_are_those_of_the_options_stage_by_stage()
    {
        var options = new ModelOptions { Architecture = Architecture.ResNet18, Blocks = new(2, 2, 2, 3) };
        using var model = Model(options);

        Assert.Equal(["stem", "layer1", "layer2", "layer3", "layer4"], options.Stages.Select(stage => stage.Name));
        Assert.Equal(
            ["features.conv1", "features.bn1", "features.layer1.0", "features.layer1.1", "features.layer2.0", "features.layer2.1", "features.layer3.0", "features.layer3.1", "features.layer4.0", "features.layer4.1", "features.layer4.2"],
            options.FeatureLayerNames);
        Assert.Equal(options.FeatureLayerNames, model.Layers.Names.Select(name => $"features.{name}"));
        Assert.Equal(11_176_512 + 2 * (9 * 512 * 512 + 2 * 512) - 2 * 49 * 64, model.Features.parameters().Sum(weight => weight.numel()));   // ResNet-18, a block more, one input channel
        Assert.True(model.Features.state_dict().Keys.All(key => model.Layers.Names.Any(layer => key.StartsWith(layer + '.', StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(ResNetStem.Standard, 28, new[] { 14, 7, 7, 7, 4, 4, 2, 2, 1, 1 })]
    [InlineData(ResNetStem.Cifar, 28, new[] { 28, 28, 28, 28, 14, 14, 7, 7, 4, 4 })]
    [InlineData(ResNetStem.Standard, 65, new[] { 33, 17, 17, 17, 9, 9, 5, 5, 3, 3 })]
    public void Sides_are_halved_by_the_stem_and_by_all_stages_but_the_first(ResNetStem stem, int size, int[] sides)
    {
        using var model = Model(new() { Architecture = Architecture.ResNet18, Stem = stem }, size);
        model.eval();
        using var noGradient = no_grad();

        Assert.Equal(sides, Enumerable.Range(1, 10).Select(depth => depth == 10 ? sides[9] : (int)model.Layers.Through(zeros([1, 1, size, size]), 0, depth).shape[2]));
        Assert.Equal([1, 512], Of(model, zeros([1, 1, size, size])).shape);
    }

    [Fact]
    public void Layer_by_layer_gives_what_all_at_once_gives()
    {
        using var model = Model(new() { Architecture = Architecture.ResNet50, Blocks = new(1, 1, 1, 1) });
        model.eval();
        using var noGradient = no_grad();
        var images = rand([4, 1, 32, 32]);
        var all = Of(model, images);
        for (var depth = 0; depth <= model.Layers.Depth; depth++)
            Assert.True(all.equal(model.Layers.Through(model.Layers.Through(images, 0, depth), depth, model.Layers.Depth)).all().item<bool>(), $"{depth}");
    }

    // He et al. 2015 by outputs: deviation sqrt(2 / (3 x 3 x 512)) of the last convolution, and normalising layers that begin as identities
    [Fact]
    public void Initial_weights_are_drawn_as_torchvision_draws_them()
    {
        using var model = Model(new() { Architecture = Architecture.ResNet18 });
        var weights = model.Features.state_dict();

        Assert.Equal(Math.Sqrt(2.0 / (9 * 512)), weights["layer4.1.conv2.weight"].std().item<float>(), 1e-4);
        Assert.Equal(0, weights["layer4.1.conv2.weight"].mean().item<float>(), 1e-4);
        Assert.Equal(1, weights["layer4.1.bn2.weight"].min().item<float>());
        Assert.Equal(0, weights["layer4.1.bn2.bias"].abs().max().item<float>());
    }

    private static DatasetInfo Info(int channels, int size) => new("images", LabelTask.BinaryClass, channels, size, ["no", "yes"]);

    private static Classifier Model(ModelOptions options, int size = 32, int channels = 1) => Classifier.Create(options, Info(channels, size), 0);

    private static Tensor Of(Classifier model, Tensor images)
    {
        model.eval();
        using var noGradient = no_grad();
        return model.Features.call(images);
    }

    private static IEnumerable<string> Shapes(Classifier model, params string[] names)
    {
        var state = model.Features.state_dict();
        return names.Select(name => $"{name} ({string.Join(", ", state[name].shape)})");
    }
}
