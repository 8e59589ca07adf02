using MedTransfer.Data;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Models;
using MedTransfer.Models.Onnx.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models.Onnx.Export;

/// <summary>Classifiers, raw images, and what the one says of the other as TorchSharp computes it and as the exported file does.</summary>
internal static class Exports
{
    /// <summary>Divides logits, so that initial weights too give probabilities that differ.</summary>
    public const double Temperature = 0.1;

    public static DatasetInfo Info(int channels, int side, LabelTask task = LabelTask.MultiClass) => new("some", task, channels, side, ["a", "b", "c"]);

    /// <summary>N x H x W x C bytes of noise, each image brighter than the one before.</summary>
    public static byte[] Noise(int count, int height, int width, int channels)
    {
        var bytes = new byte[count * height * width * channels];
        new Random(1).NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(bytes[i] * (1 + i / (bytes.Length / count)) / count);
        return bytes;
    }

    /// <summary>A model whose batch norms have seen images, and learned to scale and move what they see.</summary>
    public static Classifier Model(ModelOptions options, DatasetInfo data)
    {
        var model = Classifier.Create(options, data, seed: 7);
        var norms = model.modules().OfType<BatchNorm2d>().ToList();
        if (norms.Count == 0)
            return model;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var norm in norms)
        {
            norm.momentum = 0.9;
            nn.init.uniform_(norm.weight, 0.5, 1.5);
            nn.init.uniform_(norm.bias!, -0.3, 0.3);
        }

        model.train();
        model.call(rand(8, data.Channels, data.ImageSize, data.ImageSize).mul(2).sub(1));
        return model;
    }

    /// <summary>Probabilities (N, 3) of images that have the data's size, by TorchSharp.</summary>
    public static float[,] Expected(Classifier model, DatasetInfo data, byte[] images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        model.eval();
        // channel after channel in memory, and by their strides too, as images are in training: of others libtorch's convolutions are wrong, or end the process
        var pixels = tensor(images).reshape(-1, data.ImageSize, data.ImageSize, data.Channels).permute(0, 3, 1, 2).flatten()
            .reshape(-1, data.Channels, data.ImageSize, data.ImageSize).to(ScalarType.Float32).mul((float)(2.0 / 255)).sub(1);
        var logits = model.call(pixels).div((float)Temperature);
        var probabilities = data.Task == LabelTask.MultiLabel ? logits.sigmoid() : logits.softmax(1);
        var rows = new float[probabilities.shape[0], probabilities.shape[1]];
        Buffer.BlockCopy(probabilities.contiguous().data<float>().ToArray(), 0, rows, 0, rows.Length * sizeof(float));
        return rows;
    }

    /// <summary>The same of images of any size, by the exported file.</summary>
    public static float[,] Exported(Classifier model, DatasetInfo data, byte[] images, int height, int width, string path, Fit fit = Fit.Pad)
    {
        OnnxExport.Write(model, data, fit, Temperature, new Dictionary<string, string>(), path);
        using var exported = ExportedModel.Open(path);
        return exported.Probabilities(images, height, width);
    }

    /// <summary>Fails where any two differ by more than <paramref name="tolerance"/>, or all images have the same probabilities: then nothing is shown.</summary>
    public static void AssertClose(float[,] expected, float[,] actual, double tolerance = 1e-5, bool isConstant = false)
    {
        var (count, outputs) = (expected.GetLength(0), expected.GetLength(1));
        Assert.Equal((count, outputs), (actual.GetLength(0), actual.GetLength(1)));
        var difference = expected.Cast<float>().Zip(actual.Cast<float>(), (a, b) => Math.Abs(a - b)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"largest difference {difference:E1}"));
        Assert.True(difference <= tolerance, FormattableString.Invariant($"differ by {difference}"));
        var spread = Enumerable.Range(0, outputs).Max(k => Enumerable.Range(0, count).Max(i => expected[i, k]) - Enumerable.Range(0, count).Min(i => expected[i, k]));
        Assert.True(isConstant == spread < 100 * tolerance, FormattableString.Invariant($"the images' probabilities differ by {spread}"));
    }
}
