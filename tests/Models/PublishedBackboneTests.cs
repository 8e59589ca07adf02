using System.Runtime.InteropServices;
using MedTransfer.Data;
using MedTransfer.Data.Phantoms;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

[Collection(OneAtATime.Name)]
public sealed class PublishedBackboneTests : IDisposable
{
    private const int Side = 224;

    private static readonly PublishedBackbone _resNet18 = PublishedBackbone.ImageNetResNet18;

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    // ONNX Runtime is given what the graph was made for: blue, green, red from 0 to 255, less the means of ImageNet that come with it
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Our_network_gives_what_ONNX_Runtime_makes_of_the_same_file(int channels)
    {
        var images = Phantoms(count: 3, channels);
        using var model = Network(channels);
        using var noGradient = no_grad();

        var ours = model.Features.call(images);

        var file = OnnxFile.Read(_resNet18.Locate(), _resNet18.Digest);
        using var session = new OnnxSession(file, threads: 1);
        var bytes = images.add(1).mul(127.5).expand(3, 3, Side, Side);
        var given = bytes.flip(1).sub(tensor([103.06f, 115.90f, 123.15f]).reshape(1, 3, 1, 1)).contiguous();
        for (var image = 0; image < 3; image++)
        {
            var (expected, shape) = session.Run("Input247", given[image].data<float>().ToArray(), [1, 3, Side, Side], "Pooling395_Output_0");
            Assert.Equal([1, 512, 1, 1], shape);
            var (actual, scale) = (ours[image].data<float>().ToArray(), expected.Max());
            Assert.True(scale > 1, "embeddings of a trained network are no small numbers");
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * scale));
        }
    }

    [Fact]
    public void Its_file_as_an_encoder_gives_the_same_of_grey_images()
    {
        // the file takes blue first
        var scale = new PixelScale([.. _resNet18.Model.SeenAs.Pixels!.Mean.Reverse()], _resNet18.Model.SeenAs.Pixels!.Deviation);
        var images = Phantoms(count: 2, channels: 1).slice(3, 0, Side, 2).slice(2, 0, Side, 2);   // half as large: it enlarges them
        using var encoder = Classifier.Create(OnnxOptions.Model(_resNet18.Locate(), scale), Info(1, Side / 2), 1);
        using var model = Network(channels: 1);
        using var noGradient = no_grad();

        var (theirs, ours) = (encoder.Features.call(images).data<float>().ToArray(), model.Features.call(images).data<float>().ToArray());

        Assert.Equal((2 * 512, 512), (theirs.Length, encoder.EmbeddingWidth));
        Assert.All(theirs.Zip(ours), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * theirs.Max()));
    }

    [Fact]
    public void Every_weight_has_its_place()
    {
        var weights = _resNet18.Read();
        using var model = Classifier.Create(_resNet18.Model, Info(1, 64), 1);

        var outcome = FeatureTransfer.Apply(model, weights);

        Assert.Empty(outcome.Left);
        var own = model.state_dict().Where(weight => weight.Key.StartsWith("features.", StringComparison.Ordinal)).ToList();
        Assert.Equal(own.Select(weight => weight.Key).Order(), weights.Keys.Order());
        Assert.Equal(15_908_800, weights.Values.Where(weight => weight.Type == SafeTensorType.F32).Sum(weight => weight.Data.Length / 4));
        Assert.Equal(0, own.Single(weight => weight.Key == "features.layer4.2.bn2.num_batches_tracked").Value.item<long>());
    }

    [Fact]
    public void First_convolution_takes_red_first()
    {
        var theirs = OnnxFile.Read(_resNet18.Locate()).Model.Initialisers["Parameter91"].AsWeight()!;
        var ours = _resNet18.Read()["features.conv1.weight"];

        Assert.Equal([64, 3, 7, 7], ours.Shape);
        var (given, taken) = (MemoryMarshal.Cast<byte, float>(theirs.Data.Span).ToArray(), MemoryMarshal.Cast<byte, float>(ours.Data.Span).ToArray());
        Assert.Equal(given[98..147], taken[..49]);
        Assert.Equal(given[49..98], taken[49..98]);
        Assert.Equal(given[^147..^98], taken[^49..]);
    }

    [Fact]
    public void One_changed_bit_of_the_file_is_refused()
    {
        var bytes = File.ReadAllBytes(_resNet18.Locate());
        bytes[30_000_000] ^= 1;
        File.WriteAllBytes(folder["ResNet18.onnx"], bytes);

        Assert.Equal(
            $"{folder["ResNet18.onnx"]}: is not the file that was meant (its SHA-256 is another): delete its package from the package folder, and run 'dotnet fsi build.fsx -t Restore'.",
            Assert.Throws<MedTransferException>(() => _resNet18.Read(folder["ResNet18.onnx"])).Message);
    }

    [Fact]
    public void Another_network_has_no_such_weights()
    {
        File.WriteAllBytes(folder["other.onnx"], Onnx.SmallEncoders.Maps([1, 2, 3], "n", 1, 8, 8));

        Assert.EndsWith("other.onnx: has 1 convolutions and 0 batch norms, not 22 of each: it is another network.",
            Assert.Throws<MedTransferException>(() => OnnxResNet.Weights(OnnxFile.Read(folder["other.onnx"]), new(2, 2, 2, 3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Catalogue_is_found_by_name()
    {
        Assert.Same(_resNet18, PublishedBackbone.TryFind("imagenet-resnet18"));
        Assert.Null(PublishedBackbone.TryFind("ImageNet"));
    }

    private static Classifier Network(int channels)
    {
        var model = Classifier.Create(_resNet18.Model with { Input = _resNet18.Model.SeenAs with { ImageSize = Side } }, Info(channels, Side), 1);
        FeatureTransfer.Apply(model, _resNet18.Read());
        model.eval();
        return model;
    }

    /// <summary>In [-1, 1], each channel another picture.</summary>
    private static Tensor Phantoms(int count, int channels)
    {
        var phantom = new Phantom(PhantomKind.Chest, Side);
        var pictures = Enumerable.Range(0, count * channels).SelectMany(image => phantom.Picture(SplitName.Train, image).Cast<byte>()).ToArray();
        return tensor(pictures).reshape(count, channels, Side, Side).to(ScalarType.Float32).div(127.5).sub(1);
    }

    private static DatasetInfo Info(int channels, int side) => new("some", LabelTask.BinaryClass, channels, side, ["no", "yes"]);
}
