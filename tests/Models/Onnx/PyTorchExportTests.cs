using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Tests.Models.Onnx.Export;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models.Onnx;

/// <summary>An encoder that PyTorch exported gives here what it gives there (Debian's python3-torch 1.13).</summary>
[Collection(OneAtATime.Name)]
public sealed class PyTorchExportTests : IDisposable
{
    private const int Side = 32, Count = 4, Width = 16;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Vision_transformer_gives_the_same_class_tokens_and_means()
    {
        await Export();
        using var scope = NewDisposeScope();
        var images = tensor(Floats("images")).reshape(Count, 3, Side, Side).mul(2).sub(1);
        var expected = Floats("outputs");

        Assert.All(expected[..(Count * Width)].Zip(Embed(images, "pooler_output")), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(expected[..(Count * Width)].Zip(Embed(images, "last_hidden_state", TokenPooling.First)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(expected[(Count * Width)..].Zip(Embed(images, "last_hidden_state", TokenPooling.Mean)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.True(expected.Max() > 0.5);
        PartOfAnExportedModel();
    }

    private void PartOfAnExportedModel()
    {
        var (data, images) = (Exports.Info(channels: 3, Side), Exports.Noise(Count, Side, Side, channels: 3));
        using var model = Exports.Model(OnnxOptions.Model(folder["encoder.onnx"], PixelScale.ImageNet, imageSize: Side, "last_hidden_state", TokenPooling.First), data);

        Exports.AssertClose(Exports.Expected(model, data, images), Exports.Exported(model, data, images, Side, Side, folder["model.onnx"]));
    }

    private float[] Embed(Tensor images, string output, TokenPooling tokens = TokenPooling.Mean)
    {
        using var noGradient = no_grad();
        using var model = Classifier.Create(
            OnnxOptions.Model(folder["encoder.onnx"], PixelScale.Unit, imageSize: Side, output, tokens), new DatasetInfo("some", LabelTask.BinaryClass, 3, Side, ["no", "yes"]), 1);
        Assert.Equal(Width, model.EmbeddingWidth);
        return model.Features.call(images).data<float>().ToArray();
    }

    private float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder[name])).ToArray();

    // not another python that comes first in PATH
    private async Task Export([CallerFilePath] string here = "")
    {
        const string Python = "/usr/bin/python3";
        const int NoTorch = 3;
        Assert.SkipUnless(File.Exists(Python), $"There is no {Python}");
        var start = new ProcessStartInfo(Python, [Path.Combine(Path.GetDirectoryName(here)!, "export.py"), folder["encoder.onnx"], folder["images"], folder["outputs"]])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var (errors, _) = (await process.StandardError.ReadToEndAsync(), await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.SkipWhen(process.ExitCode == NoTorch, "There is no python3-torch or python3-numpy");
        Assert.True(process.ExitCode == 0, errors);
    }
}
