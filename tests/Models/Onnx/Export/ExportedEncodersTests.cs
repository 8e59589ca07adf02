using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using TorchSharp;
using static MedTransfer.Tests.Models.Onnx.Export.Exports;
using static MedTransfer.Tests.Models.Onnx.OnnxBytes;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models.Onnx.Export;

/// <summary>An encoder that came as an ONNX file becomes part of the exported one.</summary>
[Collection(OneAtATime.Name)]
public sealed class ExportedEncodersTests : IDisposable
{
    private static readonly float[] _weights = [0.1f, 0.7f, -3];

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Maps_are_averaged() => SaysTheSame(SmallEncoders.Maps(_weights, "n", 1, "h", "w"), Info(1, 8));

    [Fact]
    public void Grey_images_are_given_as_three_channels_enlarged() =>
        SaysTheSame(SmallEncoders.Maps([1, 2, 3, -1, 0.5f, 2, 0.3f, 0.2f, -0.1f], "n", 3, 16, 16), Info(1, 8), scale: PixelScale.ImageNet);

    // whose rows weigh differently, so that they can't be taken for columns
    [Fact]
    public void Maps_with_channels_last_are_averaged() => SaysTheSame(
        Model(
            [Node("Mul", ["images", "rows"], "weighed"), Node("MatMul", ["weighed", "w"], "maps")],
            [Floats("rows", [8, 1, 1], [9, -4, 3, 0, 1, -7, 2, 5]), Floats("w", [3, 2], [1, 0, 0.5f, -2, 0, 1])],
            [Value("images", 1, "n", 8, 8, 3)], [Value("maps", 1, "n", 8, 8, 2)]),
        Info(3, 8));

    [Theory]
    [InlineData("tokens", TokenPooling.Mean)]
    [InlineData("tokens", TokenPooling.First)]
    [InlineData("vector", TokenPooling.Mean)]
    public void Tokens_become_one_vector(string output, TokenPooling tokens) => SaysTheSame(SmallEncoders.Rows(both: true), Info(1, 8), output: output, tokens: tokens);

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(17)]
    [InlineData(21)]
    public void Operators_keep_the_versions_of_the_encoder(int opset)
    {
        SaysTheSame(Maps(opset), Info(1, 8));

        Assert.Equal(opset, OnnxFile.Read(folder["model.onnx"]).Model.Opsets[""]);
    }

    [Fact]
    public void Operators_older_than_ours_are_refused() => Assert.Equal(
        $"{folder["encoder.onnx"]}: its operators are of version 10, but beside those of a whole model they must be of 11 or newer: export the encoder again with opset 18.",
        Assert.Throws<MedTransferException>(() => SaysTheSame(Maps(opset: 10), Info(1, 8))).Message);

    [Fact]
    public void Encoder_of_one_image_at_a_time_makes_a_model_of_one_image_at_a_time()
    {
        SaysTheSame(SmallEncoders.Maps(_weights, 1, 1, 8, 8), Info(1, 8));

        var model = OnnxFile.Read(folder["model.onnx"]).Model;
        Assert.Equal([1, null, null, 1], model.Inputs[0].Shape!);
        Assert.Equal([1, 3], model.Outputs[0].Shape!);
    }

    // an image's rows and its neighbours' would be one sequence
    [Fact]
    public void Encoder_that_mixes_the_images_of_a_batch_is_given_one_at_a_time()
    {
        SaysTheSame(
            Model([Node("Softmax", ["images"], "out", Integer("axis", 0)), Node("Flatten", ["out"], "flat")], [], [Value("images", 1, "n", 1, 8, 8)], [Value("flat", 1, "n", 64)]), Info(1, 8), isConstant: true);

        Assert.Equal(1, OnnxFile.Read(folder["model.onnx"]).Model.Inputs[0].Shape![0]);
    }

    [Fact]
    public void Names_may_be_those_of_the_rest_of_the_model() => SaysTheSame(
        Model(
            [Node("Conv", ["images", "head.weight"], "Softmax_1"), Node("Add", ["Softmax_1", "number 1"], "probabilities")],
            [Floats("head.weight", [3, 1, 1, 1], _weights), Floats("number 1", [3, 1, 1], [1, 2, 3])],
            [Value("images", 1, "N", 1, "W", "H")], [Value("probabilities", 1, "N", 3, "W", "H")]),
        Info(1, 8));

    [Fact]
    public void Inputs_that_are_left_out_stay_so() => SaysTheSame(
        Model(
            [Node("Clip", ["images", "", "most"], "low"), Node("Conv", ["low", "w"], "maps")],
            [Floats("most", [], [0.25f]), Floats("w", [3, 1, 1, 1], _weights)], [Value("images", 1, "n", 1, "h", "w")], [Value("maps", 1, "n", 3, "h", "w")]),
        Info(1, 8));

    [Fact]
    public void Graphs_within_operations_are_taken_over() => SaysTheSame(
        Model(
            [
                Node("Greater", ["two", "one"], "is"),
                Node("If", ["is"], "maps",
                    Branch("then_branch", Node("Conv", ["images", "w"], "then"), Floats("w", [3, 1, 1, 1], _weights), Value("then", 1, "n", 3, "h", "w")),
                    Branch("else_branch", Node("Mul", ["images", "w"], "else"), Floats("w", [3, 1, 1], _weights), Value("else", 1, "n", 3, "h", "w"))),
            ],
            [Floats("one", [], [1]), Floats("two", [], [2])], [Value("images", 1, "n", 1, "h", "w")], [Value("maps", 1, "n", 3, "h", "w")]),
        Info(1, 8));

    [Fact]
    public void Operators_of_others_and_of_the_file_itself_are_kept() => SaysTheSame(
        [
            .. Model(
                [Node("Conv", ["images", "w"], "maps"), Node("com.microsoft.Gelu", ["maps"], "bent"), Node("mine.Twice", ["bent"], "out")],
                [Floats("w", [3, 1, 1, 1], _weights)], [Value("images", 1, "n", 1, "h", "w")], [Value("out", 1, "n", 3, "h", "w")]),
            .. Import("com.microsoft", 1), .. Import("mine", 1), .. Function("mine", "Twice", "images", "sum", Node("Add", ["images", "images"], "sum")),
        ],
        Info(1, 8));

    private static byte[] Maps(int opset) => Model(
        [Node("Conv", ["images", "w"], "maps"), Node("Relu", ["maps"], "out")],
        [Floats("w", [3, 1, 1, 1], _weights)], [Value("images", 1, "n", 1, "h", "w")], [Value("out", 1, "n", 3, "h", "w")], opset);

    private void SaysTheSame(byte[] encoder, DatasetInfo data, PixelScale? scale = null, string? output = null, TokenPooling tokens = TokenPooling.Mean, bool isConstant = false)
    {
        File.WriteAllBytes(folder["encoder.onnx"], encoder);
        var images = Noise(3, data.ImageSize, data.ImageSize, data.Channels);
        using var model = Exports.Model(OnnxOptions.Model(folder["encoder.onnx"], scale ?? PixelScale.Symmetric, imageSize: null, output, tokens), data);

        var exported = Exported(model, data, images, data.ImageSize, data.ImageSize, folder["model.onnx"]);

        AssertClose(Expected(model, data, images), exported, isConstant: isConstant);
    }
}
