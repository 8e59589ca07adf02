using MedTransfer.Models.Onnx;
using MedTransfer.Tests.Runtime;
using static MedTransfer.Tests.Models.Onnx.OnnxBytes;

namespace MedTransfer.Tests.Models.Onnx;

public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static byte[] Small => SmallEncoders.Maps([1, 2, 3], "n", 1, "h", "w");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Model_is_read_as_it_was_written()
    {
        var model = Read(Model(
            [Node("Conv", ["images", "w"], "maps"), Node("Relu", ["maps"], "out")],
            [Floats("w", [2, 1, 1, 1], [1.5f, -2])],
            [Value("images", 1, "n", 1, 28, "side"), Value("w", 1, 2, 1, 1, 1)],   // old files list weights among what is given
            [Value("out", 1, "n", 2, 28, "side")],
            opset: 11)).Model;

        Assert.Equal(8, model.IrVersion);
        Assert.Equal(("", 11L), Assert.Single(model.Opsets.Select(version => (version.Key, version.Value))));
        Assert.Equal(["Conv", "Relu"], model.Nodes.Select(node => node.Operator));
        Assert.Equal(["images", "w"], model.Nodes[0].Inputs);
        Assert.Equal(["maps"], model.Nodes[0].Outputs);
        var input = Assert.Single(model.Inputs);
        Assert.Equal(("images", 1), (input.Name, input.ElementType));
        Assert.Equal([null, 1, 28, null], input.Shape!);
        Assert.Equal("out", Assert.Single(model.Outputs).Name);
    }

    [Theory]
    [InlineData("RandomUniformLike")]
    [InlineData("Bernoulli")]
    public void Encoder_that_draws_random_numbers_is_refused(string operation)
    {
        File.WriteAllBytes(folder["drawing.onnx"], Model(
            [Node("Conv", ["images", "w"], "maps"), Node(operation, ["maps"], "out")],
            [Floats("w", [2, 1, 1, 1], [1.5f, -2])],
            [Value("images", 1, "n", 1, 28, 28)],
            [Value("out", 1, "n", 2, 28, 28)]));

        Assert.EndsWith(
            $"drawing.onnx: draws random numbers ({operation}), so that an image has another embedding each time: export the model for inference.",
            Assert.Throws<MedTransferException>(() => OnnxOptions.Model(folder["drawing.onnx"], null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Form.Raw)]
    [InlineData(Form.Packed)]
    [InlineData(Form.Single)]
    internal void Weights_are_read_however_they_lie(Form form)
    {
        float[] values = [1, -2.5f, float.Epsilon, 3e38f, 0, -0.0f];

        var weight = Read(Model([Node("Relu", ["w"], "out")], [Floats("w", [2, 3], values, form)], [], [Value("out", 1, 2, 3)])).Model.Initialisers["w"].AsWeight()!;

        Assert.Equal([2, 3], weight.Shape);
        Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray(), weight.Data.ToArray());
    }

    [Fact]
    public void Weights_that_are_not_float32_or_too_few_are_none()
    {
        var model = Read(Model([Node("Relu", ["w"], "out")], [Longs("longs", 1, 2), Floats("few", [2, 3], [1, 2, 3])], [], [Value("out", 1, 2, 3)])).Model;

        Assert.Null(model.Initialisers["longs"].AsWeight());
        Assert.Null(model.Initialisers["few"].AsWeight());
    }

    [Fact]
    public void Wherever_it_is_cut_off_it_is_refused_in_one_line()
    {
        for (var length = 1; length < Small.Length; length++)
        {
            var error = Refusal(Small[..length]);

            Assert.Matches(@"^\S*cut\.onnx: (ends early, the file is truncated or damaged: copy or export it again|is no ONNX file: .*)\.$", error);
            // what came before the versions of the operators says what it was to be
            if (length > 10)
                Assert.Contains("truncated", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00")]
    [InlineData("PK\u0003\u0004archive/data.pkl")]
    [InlineData("\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000{}      ")]
    public void Other_files_are_said_to_be_none(string content) =>
        Assert.EndsWith("cut.onnx: is no ONNX file: export the model to ONNX, or name another file (a state dict with --weights).", Refusal(System.Text.Encoding.Latin1.GetBytes(content)), StringComparison.Ordinal);

    [Fact]
    public void Missing_file_and_folder_are_named()
    {
        Assert.EndsWith("none.onnx: no such file", Assert.Throws<MedTransferException>(() => OnnxFile.Read(folder["none.onnx"])).Message, StringComparison.Ordinal);
        Assert.EndsWith("is a folder, a file is needed", Assert.Throws<MedTransferException>(() => OnnxFile.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_another_file_are_refused_wherever_they_are_named()
    {
        var external = External("w", [2], "model.onnx_data");
        byte[] input = Value("x", 1, 2), output = Value("y", 1, 2);

        Assert.All(
            [Model([Node("Add", ["x", "w"], "y")], [external], [input], [output]), Model([Node("Constant", [], "w", OnnxBytes.Array("value", external)), Node("Add", ["x", "w"], "y")], [], [input], [output])],
            model => Assert.EndsWith("cut.onnx: keeps weights in 'model.onnx_data' (external data), so that it is not the whole model: export it as one file.", Refusal(model), StringComparison.Ordinal));
    }

    [Fact]
    public void Digest_is_checked_before_what_is_in_it()
    {
        var digest = Read(Small).Digest;
        Assert.Equal(digest, OnnxFile.Read(folder["cut.onnx"], digest).Digest);
        var changed = Small;
        changed[^1] ^= 1;
        File.WriteAllBytes(folder["cut.onnx"], changed);

        Assert.EndsWith("is not the file that was meant (its SHA-256 is another): put it back, or name the new one.",
            Assert.Throws<MedTransferException>(() => OnnxFile.Read(folder["cut.onnx"], digest)).Message, StringComparison.Ordinal);
    }

    private OnnxFile Read(byte[] content)
    {
        File.WriteAllBytes(folder["cut.onnx"], content);
        return OnnxFile.Read(folder["cut.onnx"]);
    }

    private string Refusal(byte[] content) => Assert.Throws<MedTransferException>(() => Read(content)).Message;
}
