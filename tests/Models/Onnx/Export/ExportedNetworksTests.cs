using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using TorchSharp;
using static MedTransfer.Tests.Models.Onnx.Export.Exports;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models.Onnx.Export;

[Collection(OneAtATime.Name)]
public sealed class ExportedNetworksTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1, 28, LabelTask.MultiClass)]
    [InlineData(3, 28, LabelTask.MultiClass)]
    [InlineData(3, 30, LabelTask.OrdinalRegression)]   // sides that poolings do not divide
    [InlineData(1, 28, LabelTask.MultiLabel)]
    public void Cnn_says_the_same(int channels, int side, LabelTask task) => SaysTheSame(new(), Info(channels, side, task), count: 20);

    [Fact]
    public void Resnet_of_basic_blocks_says_the_same_of_grey_images_enlarged_and_scaled_as_imagenet() =>
        SaysTheSame(new() { Architecture = Architecture.ResNet18, Input = new() { ImageSize = 64, Pixels = PixelScale.ImageNet } }, Info(1, 28));

    [Fact]
    public void Resnet_of_bottlenecks_says_the_same() =>
        SaysTheSame(new() { Architecture = Architecture.ResNet50, Blocks = new(1, 2, 1, 1), Input = new() { ImageSize = 32 } }, Info(3, 28));

    [Fact]
    public void Resnet_with_the_stem_of_cifar_says_the_same() =>
        SaysTheSame(new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1), Stem = ResNetStem.Cifar }, Info(1, 28));

    [Theory]
    [InlineData(45, 28)]
    [InlineData(28, 8)]
    [InlineData(8, 29)]
    public void Images_are_resized_and_scaled_as_the_network_sees_them(int side, int seen) =>
        SaysTheSame(new() { Input = new() { ImageSize = seen, Pixels = new([0.2], [0.7]) } }, Info(3, side));

    [Theory]
    [InlineData("pixelRegression", 3, 12, false)]
    [InlineData("pixelRegression", 1, 45, false)]   // averaged by windows that share pixels
    [InlineData("meanBrightness", 1, 28, false)]
    [InlineData("meanBrightness", 3, 28, false)]
    [InlineData("majorityClass", 1, 28, true)]
    public void Controls_say_the_same(string name, int channels, int side, bool isConstant) =>
        SaysTheSame(new() { Architecture = Architecture.TryFind(name)! }, Info(channels, side), isConstant: isConstant);

    [Fact]
    public void Network_that_is_left_in_training_mode_is_exported_as_it_predicts()
    {
        var data = Info(1, 28);
        var images = Noise(4, 28, 28, 1);
        using var model = Model(new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1), Stem = ResNetStem.Cifar, Dropout = 0.5 }, data);
        model.train();

        var exported = Exported(model, data, images, 28, 28, folder["model.onnx"]);

        AssertClose(Expected(model, data, images), exported);
    }

    private void SaysTheSame(ModelOptions options, DatasetInfo data, int count = 4, bool isConstant = false)
    {
        var images = Noise(count, data.ImageSize, data.ImageSize, data.Channels);
        using var model = Model(options, data);

        var exported = Exported(model, data, images, data.ImageSize, data.ImageSize, folder["model.onnx"]);

        AssertClose(Expected(model, data, images), exported, isConstant: isConstant);
    }
}
