using MedTransfer.Data;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Models.Onnx;
using MedTransfer.Models.Onnx.Export;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using static MedTransfer.Tests.Models.Onnx.Export.Exports;

namespace MedTransfer.Tests.Models.Onnx.Export;

[Collection(OneAtATime.Name)]
public sealed class OnnxExportTests : IDisposable
{
    private static readonly Dictionary<string, string> _texts = new() { ["classes"] = "a\nb\nc", ["Ä"] = "größer" };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void File_says_what_it_takes_gives_and_carries()
    {
        Write("model.onnx", Info(3, 28), _texts);

        var model = OnnxFile.Read(folder["model.onnx"]).Model;
        Assert.Equal((8, 18L), (model.IrVersion, Assert.Single(model.Opsets).Value));
        Assert.Equal((OnnxExport.Input, OnnxGraph.UInt8), (Assert.Single(model.Inputs).Name, model.Inputs[0].ElementType));
        Assert.Equal([null, null, null, 3], model.Inputs[0].Shape!);
        Assert.Equal((OnnxExport.Output, OnnxGraph.Float32), (Assert.Single(model.Outputs).Name, model.Outputs[0].ElementType));
        Assert.Equal([null, 3], model.Outputs[0].Shape!);
        Assert.Equal(_texts, model.Metadata);
        Assert.Equal([16, 3, 3, 3], model.Initialisers["features.conv1.weight"].Shape);
        using var exported = ExportedModel.Open(folder["model.onnx"]);
        Assert.Equal(3, exported.Channels);
        Assert.Equal(_texts, exported.Metadata);
    }

    [Fact]
    public void Same_model_makes_the_same_bytes()
    {
        Write("one.onnx", Info(1, 28), _texts);
        Write("two.onnx", Info(1, 28), _texts.Reverse().ToDictionary());

        Assert.Equal(File.ReadAllBytes(folder["one.onnx"]), File.ReadAllBytes(folder["two.onnx"]));
        Assert.Equal(["one.onnx", "two.onnx"], folder.Files);
    }

    [Fact]
    public void What_can_not_be_exported_is_refused()
    {
        var data = Info(1, 28);
        using var model = Model(new(), data);
        void Of(DatasetInfo of, double temperature, string path) => OnnxExport.Write(model, of, Fit.Pad, temperature, _texts, path);

        Assert.Equal("some has no labels, so that a model of it has no probabilities: name a labelled set.", Assert.Throws<MedTransferException>(() => Of(data with { Task = null }, 1, folder["model.onnx"])).Message);
        Assert.Equal($"Cannot write {folder["none/model.onnx"]}: its folder does not exist; create it or name another", Assert.Throws<MedTransferException>(() => Of(data, 1, folder["none/model.onnx"])).Message);
        Assert.All([0, -1, double.NaN, double.PositiveInfinity], temperature => Assert.Throws<ArgumentOutOfRangeException>(() => Of(data, temperature, folder["model.onnx"])));
        Assert.Throws<ArgumentException>(() => Of(data with { LabelNames = ["no", "yes"] }, 1, folder["model.onnx"]));
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Other_files_and_images_are_refused()
    {
        File.WriteAllBytes(folder["other.onnx"], SmallEncoders.Rows());
        Write("model.onnx", Info(3, 28), _texts);
        using var exported = ExportedModel.Open(folder["model.onnx"]);

        Assert.Equal($"{folder["other.onnx"]}: does not take raw images and give probabilities: name a file that MedTransfer has exported.", Assert.Throws<MedTransferException>(() => ExportedModel.Open(folder["other.onnx"])).Message);
        Assert.Throws<ArgumentException>(() => exported.Probabilities(new byte[28 * 28], 28, 28));
        Assert.Throws<ArgumentException>(() => exported.Probabilities([], 0, 28));
        Assert.Empty(exported.Probabilities([], 28, 28));
    }

    private void Write(string name, DatasetInfo data, Dictionary<string, string> texts)
    {
        using var model = Model(new(), data);
        OnnxExport.Write(model, data, Fit.Pad, Temperature, texts, folder[name]);
    }
}
