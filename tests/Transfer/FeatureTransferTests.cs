using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer;

[Collection(OneAtATime.Name)]
public sealed class FeatureTransferTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Classifier source = Classifier.Create(new(), Squares.Info, 1);

    public void Dispose()
    {
        source.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Weights_survive_their_file_to_the_bit()
    {
        var weights = Saved();

        Assert.Equal(source.state_dict().Keys.Order(StringComparer.Ordinal), weights.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in source.state_dict())
        {
            using var read = weights[name].ToTensor();
            Assert.Equal(value.shape, read.shape);
            Assert.Equal(value.detach().bytes.ToArray(), read.bytes.ToArray());
        }
    }

    [Fact]
    public void Same_weights_give_the_same_file()
    {
        WeightFile.Save(source, folder["a"]);
        WeightFile.Save(source, folder["b"]);

        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    public void Features_are_taken_over_and_the_head_is_not()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var head = target.Head.Bits();

        var outcome = FeatureTransfer.Apply(target, Saved());

        Assert.Equal(source.Features.Bits(), target.Features.Bits());
        Assert.Equal(head, target.Head.Bits());
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames, outcome.Taken);
        Assert.Empty(outcome.Left);
    }

    [Fact]
    public void Taken_weights_still_train()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);

        FeatureTransfer.Apply(target, Saved());

        Assert.All(target.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
    }

    [Fact]
    public void Layer_that_does_not_fit_other_images_keeps_all_of_its_initial_values_and_is_listed()
    {
        const string layer = "features.latent", reason = "weight is (64, 576), not (64, 4096)";
        var info = Squares.Info with { ImageSize = 64 };
        using var target = Classifier.Create(new(), info, 2);
        using var untouched = Classifier.Create(new(), info, 2);

        var outcome = FeatureTransfer.Apply(target, Saved());

        Assert.Equal([new LeftLayer(layer, reason)], outcome.Left);
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames.Except([layer]), outcome.Taken);
        foreach (var (name, value) in target.state_dict())
        {
            // the bias of a layer that stays is of the same shape, and stays with its weight
            var expected = name.StartsWith(layer, StringComparison.Ordinal) || name.StartsWith("head", StringComparison.Ordinal) ? untouched : source;
            Assert.Equal(expected.state_dict()[name].detach().bytes.ToArray(), value.detach().bytes.ToArray());
        }
    }

    [Fact]
    public void Grey_network_gives_what_the_colour_network_gives_of_the_repeated_channel()
    {
        using var colour = Classifier.Create(new(), Squares.Info with { Channels = 3 }, 1);
        using var grey = Classifier.Create(new(), Squares.Info, 2);
        WeightFile.Save(colour, folder["colour"]);

        var outcome = FeatureTransfer.Apply(grey, WeightFile.Load(folder["colour"]));

        AssertSameOfGrey(colour, grey);
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames, outcome.Taken);
        Assert.Equal(["features.conv1.weight summed over 3 channels"], outcome.Adapted);
    }

    [Fact]
    public void Colour_network_gives_of_a_repeated_channel_what_the_grey_network_gives()
    {
        using var colour = Classifier.Create(new(), Squares.Info with { Channels = 3 }, 2);

        var outcome = FeatureTransfer.Apply(colour, Saved());

        AssertSameOfGrey(colour, source);
        Assert.Equal(["features.conv1.weight repeated for 3 channels and divided by their number"], outcome.Adapted);
    }

    [Theory]
    [InlineData("features.conv2.weight", 3, 1, "features.conv2: weight is (8, 1, 3, 3), not (8, 3, 3, 3)")]   // no image is seen there
    [InlineData("features.conv1.weight", 3, 4, "features.conv1: weight is (8, 4, 3, 3), not (8, 3, 3, 3)")]
    public void Channels_are_adapted_in_the_first_convolution_alone_and_between_grey_and_colour(string name, int own, int given, string left)
    {
        Dictionary<string, WeightShape> Of(int from) => new() { ["features.conv1.weight"] = Convolution(3), ["features.conv2.weight"] = Convolution(3), [name] = Convolution(from) };

        Assert.Equal(left, Assert.Single(FeatureTransfer.Compare(Of(own), Of(given)).Left).ToString());
    }

    [Fact]
    public void First_convolution_of_other_outputs_or_size_is_left_whatever_its_channels()
    {
        Dictionary<string, WeightShape> Of(params long[] shape) => new() { ["features.conv1.weight"] = new(SafeTensorType.F32, shape) };

        Assert.Single(FeatureTransfer.Compare(Of(8, 3, 3, 3), Of(9, 1, 3, 3)).Left);
        Assert.Single(FeatureTransfer.Compare(Of(8, 3, 3, 3), Of(8, 1, 7, 7)).Left);
        Assert.Single(FeatureTransfer.Compare(Of(8, 3), Of(8, 1)).Left);
        Assert.Empty(FeatureTransfer.Compare(Of(8, 3, 3, 3), Of(8, 1, 3, 3)).Left);
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    [InlineData("module.model.backbone.encoder.")]
    [InlineData("model.features.")]
    public void Names_of_a_state_dict_are_known_whatever_wraps_them(string prefix)
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var theirs = Saved().ToDictionary(weight => prefix + weight.Key.Replace("features.", "").Replace("head.", "fc."), weight => weight.Value);

        var outcome = FeatureTransfer.Apply(target, theirs);

        Assert.Equal(source.Features.Bits(), target.Features.Bits());
        Assert.Equal((8, 10), (outcome.TakenArrays, outcome.Given));
        Assert.Equal(prefix.Length == 0 ? [] : [$"prefix '{prefix}'"], outcome.Adapted);
        Assert.Equal([$"{prefix}fc.bias", $"{prefix}fc.weight"], outcome.Unused.Order(StringComparer.Ordinal));
    }

    // by value: a half of 1.5 and of 2^-24, its least; bfloat16 of 1.5; a double that is no float
    [Theory]
    [InlineData(SafeTensorType.F16, new byte[] { 0x00, 0x3E, 0x01, 0x00 }, 1.5f, 5.9604645e-8f)]
    [InlineData(SafeTensorType.BF16, new byte[] { 0xC0, 0x3F, 0x80, 0xC0 }, 1.5f, -4f)]
    [InlineData(SafeTensorType.F64, new byte[] { 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F }, 0.1f, 1f)]
    public void Floats_of_other_widths_are_converted(SafeTensorType type, byte[] bytes, float first, float second)
    {
        using var target = new NormalisedFeatures(2, width: 2);
        var before = target.state_dict().Where(weight => weight.Key.StartsWith("features.linear.", StringComparison.Ordinal)).ToDictionary(weight => weight.Key, weight => weight.Value.ToStored());

        var outcome = FeatureTransfer.Apply(target, new Dictionary<string, SafeTensor>(before) { ["features.linear.bias"] = new(type, [2], bytes) });

        Assert.Equal(["features.linear"], outcome.Taken);
        Assert.Equal([first, second], target.state_dict()["features.linear.bias"].data<float>().ToArray());
        Assert.Equal([$"{type} converted to F32"], outcome.Adapted);
    }

    // 94 of its arrays have the names and shapes of a ResNet-18's
    [Fact]
    public void Nothing_is_taken_of_another_network_of_ours()
    {
        IReadOnlyDictionary<string, WeightShape> Of(Architecture architecture)
        {
            using var model = Classifier.Create(new() { Architecture = architecture }, Squares.Info, 1);
            return WeightShape.Of(model.state_dict());
        }

        var outcome = FeatureTransfer.Compare(Of(Architecture.ResNet18), Of(Architecture.ResNet50));

        Assert.Empty(outcome.Taken);
        Assert.Equal(Architecture.ResNet50, outcome.OtherNetwork);
        Assert.Equal("net.safetensors: no array of 320 taken, they are the weights of a ResNet-50, another network", outcome.Describe("net.safetensors"));
        Assert.Equal("nothing can be taken over from net.safetensors (they are the weights of a ResNet-50, another network). Name a file of weights of the same network, or choose that one.",
            TransferPlan.FineTuned(new WeightsOrigin("net.safetensors", "")).Obstacle(outcome));
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var weights = new Dictionary<string, SafeTensor>(Saved()) { ["features.conv1.bias"] = new(SafeTensorType.I8, [16], new byte[16]) };

        Assert.Equal(["features.conv1: bias is I8, not F32"], FeatureTransfer.Apply(target, weights).Left.Select(layer => layer.ToString()));
    }

    [Fact]
    public void What_a_file_gives_is_a_line()
    {
        using var target = Classifier.Create(new() { Latent = 9 }, Squares.Info with { Channels = 3 }, 2);
        var theirs = Saved().ToDictionary(weight => $"module.{weight.Key}".Replace(".features", "").Replace("head", "fc"), weight => weight.Value);
        Safetensors.Write(folder["net.safetensors"], theirs);

        var outcome = FeatureTransfer.Forecast(WeightsOrigin.Of(folder["net.safetensors"]), new() { Latent = 9 }, Squares.Info with { Channels = 3 });

        Assert.Equal(
            "net.safetensors: 6 of 10 arrays taken (prefix 'module.', features.conv1.weight repeated for 3 channels and divided by their number); fc.bias, fc.weight left; "
                + "initial values stay in features.latent (weight is (64, 576), not (9, 576), bias is (64), not (9))",
            outcome.Describe("net.safetensors"));
        Assert.Equal(outcome.Describe(""), FeatureTransfer.Apply(target, WeightFile.Load(folder["net.safetensors"])).Describe(""));
    }

    [Fact]
    public void Nothing_is_broadcast_or_guessed()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var before = target.Bits();

        var outcome = FeatureTransfer.Apply(target, new Dictionary<string, SafeTensor>
        {
            ["features.conv1.weight"] = SafetensorsTests.Floats([16, 1, 3, 3], new float[144]),
            ["features.conv1.bias"] = SafetensorsTests.Floats([1], 7),
            ["features.conv2.bias"] = SafetensorsTests.Floats([1, 32], new float[32]),
            ["features.latent.bias"] = new(SafeTensorType.F64, [64], new byte[512]),
            ["conv3.bias"] = SafetensorsTests.Floats([64], new float[64]),
            ["head.bias"] = SafetensorsTests.Floats([2], 7, 7),
        });

        Assert.Equal(before, target.Bits());
        Assert.Empty(outcome.Taken);
        Assert.Equal(
            [
                "features.conv1: bias is (1), not (16)",
                "features.conv2: weight is not among the transferred weights, bias is (1, 32), not (32)",
                "features.conv3: weight is not among the transferred weights, bias is not among the transferred weights",
                "features.latent: weight is not among the transferred weights",
            ],
            outcome.Left.Select(layer => layer.ToString()));
    }

    [Fact]
    public void Layer_with_more_than_the_model_has_is_left()
    {
        using var target = Classifier.Create(new(), Squares.Info, 2);
        var weights = new Dictionary<string, SafeTensor>(Saved()) { ["features.conv2.running_mean"] = SafetensorsTests.Floats([32], new float[32]) };

        var outcome = FeatureTransfer.Apply(target, weights);

        Assert.Equal([new LeftLayer("features.conv2", "running_mean has no place in this model")], outcome.Left);
    }

    [Theory]
    [InlineData(28, 64)]
    [InlineData(64, 28)]
    public void What_would_be_taken_is_known_from_options_and_data_alone(int from, int to)
    {
        DatasetInfo Of(int size) => Squares.Info with { ImageSize = size };
        using var target = Classifier.Create(new(), Of(to), 2);
        using var parent = Autoencoder.Create(new(), Of(from), 1);
        WeightFile.Save(parent, folder["parent"]);

        var foretold = FeatureTransfer.Compare(
            ShapesOf(Objective.Classification, to), ShapesOf(Objective.Reconstruction, from));
        var outcome = FeatureTransfer.Apply(target, WeightFile.Load(folder["parent"]));

        Assert.Equal(outcome.Taken, foretold.Taken);
        Assert.Equal(outcome.Left, foretold.Left);
        Assert.Equal("features.latent", Assert.Single(foretold.Left).Layer);
    }

    private static WeightShape Convolution(int from) => new(SafeTensorType.F32, [8, from, 3, 3]);

    private static void AssertSameOfGrey(Classifier colour, Classifier grey)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(3);
        var images = rand(4, 1, Squares.Size, Squares.Size).mul(2).sub(1);
        var (ofGrey, ofColour) = (grey.Features.call(images), colour.Features.call(images.expand(4, 3, Squares.Size, Squares.Size)));
        Assert.InRange(ofGrey.abs().max().item<float>(), 0.1f, 10f);
        Assert.InRange(ofGrey.sub(ofColour).abs().max().item<float>(), 0, 1e-6f);
    }

    private static IReadOnlyDictionary<string, WeightShape> ShapesOf(Objective objective, int size)
    {
        using var model = objective.Create(new(), Squares.Info with { ImageSize = size }, seed: 0);
        return WeightShape.Of(model.state_dict());
    }

    private IReadOnlyDictionary<string, SafeTensor> Saved()
    {
        WeightFile.Save(source, folder["weights.safetensors"]);
        return WeightFile.Load(folder["weights.safetensors"]);
    }
}
