using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using TorchSharp;
using static MedTransfer.Tests.Models.Onnx.OnnxBytes;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models.Onnx;

[Collection(OneAtATime.Name)]
public sealed class OnnxEncoderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    /// <summary>Shapes of the input of a convolution with 3 maps whose weights are 1, 10, 100 times those of its channels.</summary>
    public static TheoryData<object[], int, int> Layouts => new()
    {
        { ["n", 1, "h", "w"], 1, 8 },   // free batch and size
        { [1, 1, 8, 8], 1, 8 },
        { ["n", 3, "h", "w"], 3, 8 },   // grey images count as red, green and blue
        { ["n", "c", "h", "w"], 3, 8 }, // the convolution says how many channels
        { [1, 3, 16, 16], 3, 16 },
        { ["n", 3, 16, "w"], 3, 16 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Maps_are_averaged_over_their_places(object[] shape, int channels, int side)
    {
        var weights = new float[] { 1, 10, 100 }.SelectMany(d => Enumerable.Range(1, channels).Select(c => d * c)).ToArray();
        var scale = channels == 3 ? new PixelScale([0.5, 0.25, 0], [0.5, 1, 0.8]) : new PixelScale([0.25], [0.5]);
        var images = Images(3, channels: 1, side: 8);

        var embeddings = Embed(SmallEncoders.Maps(weights, shape), images, scale);

        Assert.Equal([3, 3], embeddings.shape);
        for (var image = 0; image < 3; image++)
        {
            var mean = images[image].mean().item<float>() / 2 + 0.5;   // of [0, 1], which enlarging hardly changes
            var sum = Enumerable.Range(0, channels).Sum(c => (c + 1) * (mean - scale.Mean[c]) / scale.Deviation[c]);
            for (var d = 0; d < 3; d++)
                Assert.Equal(Math.Pow(10, d) * sum, embeddings[image, d].item<float>(), side == 8 ? 1e-4 : Math.Abs(0.05 * Math.Pow(10, d)));
        }
    }

    [Fact]
    public void Channels_may_come_last()
    {
        var images = Images(2, channels: 3, side: 8);

        var embeddings = Embed(SmallEncoders.MapsOfChannelsLast([1, 0, 0, 0, 0, 1], 1, "h", "w", 3), images, PixelScale.Unit);

        // the means of red and of blue
        var means = images.div(2).add(0.5).mean([2, 3]);
        Assert.Equal(Values(means.index_select(1, tensor([0L, 2]))), Values(embeddings), (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    [Theory]
    [InlineData("tokens", TokenPooling.Mean)]
    [InlineData("tokens", TokenPooling.First)]
    [InlineData("vector", TokenPooling.Mean)]
    public void Tokens_become_one_vector(string output, TokenPooling tokens)
    {
        var images = Images(2, channels: 1, side: 8);

        var embeddings = Embed(SmallEncoders.Rows(both: true), images, PixelScale.Symmetric, output: output, tokens: tokens);

        var expected = output == "vector" ? images.flatten(1) : tokens == TokenPooling.First ? images.select(1, 0).select(1, 0) : images.select(1, 0).mean([1]);
        Assert.Equal(Values(expected), Values(embeddings), (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Images_do_not_depend_on_those_beside_them()
    {
        var encoder = SmallEncoders.Maps([0.1f, 0.7f, -3], "n", 1, "h", "w");
        var images = Images(5, channels: 1, side: 28);

        Assert.Equal(Values(Embed(encoder, images, new PixelScale([0.45], [0.23]))[4]), Values(Embed(encoder, images.slice(0, 4, 5, 1), new PixelScale([0.45], [0.23]))[0]));
    }

    [Fact]
    public void Weights_say_which_file_it_was()
    {
        var options = Options(SmallEncoders.Rows(), PixelScale.Symmetric);
        using var model = Classifier.Create(options, Info(1, 8), seed: 1);

        Assert.Equal(options.Onnx!.Digest, Convert.ToHexStringLower(model.state_dict()["features.encoder.digest"].bytes.ToArray()));
        Assert.Equal(["head.weight", "head.bias"], model.named_parameters().Select(parameter => parameter.name));
        Assert.Equal(8, model.EmbeddingWidth);
    }

    [Fact]
    public void File_that_has_changed_since_is_refused()
    {
        var options = Options(SmallEncoders.Rows(), PixelScale.Symmetric);
        File.WriteAllBytes(options.Onnx!.Path, SmallEncoders.Rows(both: true));

        Assert.EndsWith("is not the file that was meant (its SHA-256 is another): put it back, or name the new one.",
            Assert.Throws<MedTransferException>(() => Classifier.Create(options, Info(1, 8), 1)).Message, StringComparison.Ordinal);
    }

    /// <summary>Files that are no encoder of images, and what is said of them.</summary>
    public static TheoryData<byte[], string> Foreign => new()
    {
        { Of(Node("Relu", ["w"], "out")), "its model takes no input: name an encoder of images." },
        { Of(Node("Add", ["a", "b"], "out"), Value("a", 1, 1, 3, 8, 8), Value("b", 1, 1, 3, 8, 8)), "its model takes 2 inputs ('a', 'b'): export the encoder of images alone." },
        { Of(Node("Relu", ["ids"], "out"), Value("ids", SmallEncoders.Int64, "n", "t")), "its input 'ids' is no batch of float32 images (N, C, S, S) or (N, S, S, C): name an encoder of images, exported in single precision." },
        { Of(Node("Relu", ["x"], "out"), Value("x", SmallEncoders.Float16, 1, 3, 8, 8)), "its input 'x' is no batch of float32 images (N, C, S, S) or (N, S, S, C): name an encoder of images, exported in single precision." },
        { Of(Node("Relu", ["x"], "out"), Value("x", 1, 16, 3, 8, 8)), "takes 16 images at a time, neither one nor any number: export it with a free batch, or one of 1." },
        { Of(Node("Relu", ["x"], "out"), Value("x", 1, 1, 3, 8, 3)), "its input 'x' (1, 3, 8, 3) has channels first or last, which can't be told: export it for larger images." },
        { Of(Node("Relu", ["x"], "out"), Value("x", 1, "n", 4, 8, 8)), "its input 'x' (any, 4, 8, 8) has neither 1 nor 3 channels, or does not say: export it for grey or RGB images." },
        { Of(Node("Relu", ["x"], "out"), Value("x", 1, "n", "c", "h", "w")), "its input 'x' (any, any, any, any) has neither 1 nor 3 channels, or does not say: export it for grey or RGB images." },
        { Of(Node("Relu", ["x"], "out"), Value("x", 1, "n", 3, 8, 16)), "takes images of 8 x 16 pixels, but images are square here: export it for square ones." },
        { SmallEncoders.Rows(both: true), "has 2 outputs: name one of 'tokens', 'vector'." },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Files_of_something_else_are_refused_in_one_line(byte[] file, string said) =>
        Assert.Equal($"{folder["encoder.onnx"]}: {said}", Assert.Throws<MedTransferException>(() => Options(file, PixelScale.Symmetric)).Message);

    /// <summary>What only ONNX Runtime can say, and the beginning of it.</summary>
    public static TheoryData<byte[], string> NotRun => new()
    {
        { Of(Node("Frobnicate", ["x"], "out"), Value("x", 1, "n", 1, 8, 8)), "ONNX Runtime 1.31.1 can't run it (" },
        { Model([Node("Relu", ["x"], "out")], [], [Value("x", 1, "n", 1, 8, 8)], [Value("out", 1, "n", 1, 8, 8)], opset: 99), "ONNX Runtime 1.31.1 can't run it (ONNX Runtime only" },
        { Model([Node("com.somebody.Relu", ["x"], "out")], [], [Value("x", 1, "n", 1, 8, 8)], [Value("out", 1, "n", 1, 8, 8)], domain: "com.somebody"), "ONNX Runtime 1.31.1 can't run it (" },
        { Model([Node("MatMul", ["x", "w"], "out")], [Floats("w", [7, 1], new float[7])], [Value("x", 1, "n", 1, "h", "w")], [Value("out", 1, "n", 1, "h", 1)]), "does not take an image of shape (1, 1, 8, 8) (" },
        { Model([Node("ArgMax", ["x"], "out")], [], [Value("x", 1, "n", 1, 8, 8)], [Value("out", 7, 1, 1, 8, 8)]), "its output 'out' is Int64, not float32: name another output, or export it in single precision." },
    };

    [Theory]
    [MemberData(nameof(NotRun))]
    public void What_can_not_be_run_is_said_in_one_line(byte[] file, string said)
    {
        var error = Assert.Throws<MedTransferException>(() => Classifier.Create(Options(file, PixelScale.Symmetric), Info(1, 8), 1)).Message;

        Assert.StartsWith($"{folder["encoder.onnx"]}: {said}", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void Images_and_options_that_do_not_suit_the_file_are_refused()
    {
        string Said(byte[] file, PixelScale scale, int? size, DatasetInfo data) => Assert.Throws<MedTransferException>(() => Classifier.Create(Options(file, scale, size), data, 1)).Message;
        var grey = SmallEncoders.Maps([1, 2, 3], "n", 1, 8, 8);

        Assert.EndsWith("takes images of 8 pixels a side alone, not of 16: leave the image size out.", Said(grey, PixelScale.Symmetric, 16, Info(1, 8)), StringComparison.Ordinal);
        Assert.EndsWith("takes grey images, which have one mean and one deviation: give one of each, not three.", Said(grey, PixelScale.ImageNet, null, Info(1, 8)), StringComparison.Ordinal);
        Assert.EndsWith("takes grey images, but those of some have 3 channels: make them grey, or take an encoder of RGB images.", Said(grey, PixelScale.Symmetric, null, Info(3, 8)), StringComparison.Ordinal);
        Assert.Contains("has no output 'nothing': name one of 'tokens'.", Assert.Throws<MedTransferException>(() => Options(SmallEncoders.Rows(), PixelScale.Symmetric, output: "nothing")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_belong_to_the_architecture()
    {
        var onnx = Options(SmallEncoders.Rows(), PixelScale.Symmetric);

        Assert.Equal("The ONNX encoder has no file: name the ONNX file of an encoder.", Assert.Throws<MedTransferException>(() => (onnx with { Onnx = null }).Checked()).Message);
        Assert.Equal("The CNN has no use for an ONNX file: leave it out.", Assert.Throws<MedTransferException>(() => (onnx with { Architecture = Architecture.ConvNet }).Checked()).Message);
    }

    private Tensor Embed(byte[] file, Tensor images, PixelScale scale, string? output = null, TokenPooling tokens = TokenPooling.Mean)
    {
        var options = Options(file, scale, output: output, tokens: tokens);
        using var model = Classifier.Create(options, Info((int)images.shape[1], (int)images.shape[2]), 1);
        using var noGradient = no_grad();
        return model.Features.call(images);
    }

    private ModelOptions Options(byte[] file, PixelScale scale, int? imageSize = null, string? output = null, TokenPooling tokens = TokenPooling.Mean)
    {
        File.WriteAllBytes(folder["encoder.onnx"], file);
        return OnnxOptions.Model(folder["encoder.onnx"], scale, imageSize, output, tokens);
    }

    // in [-1, 1]
    private static Tensor Images(int count, int channels, int side) => rand(count, channels, side, side, generator: new Generator(1)).mul(2).sub(1);

    private static DatasetInfo Info(int channels, int side) => new("some", LabelTask.BinaryClass, channels, side, ["no", "yes"]);

    private static byte[] Of(byte[] node, params byte[][] inputs) => Model([node], [Floats("w", [2], [1, 2])], inputs, [Value("out", 1, 1, 2)]);

    private static float[] Values(Tensor values) => values.contiguous().data<float>().ToArray();
}
