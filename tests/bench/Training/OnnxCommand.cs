using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>
/// Images a second of the published ResNet-18's forward pass at 224 pixels on one thread: ONNX Runtime on its file, ours with its weights, and
/// PyTorch where it is installed, in turns.
/// </summary>
internal static class OnnxCommand
{
    private const string Usage = "usage: onnx [--rounds 5] [--seconds 3]";

    private const int Side = 224;

    private static readonly int[] _batches = [1, 16];

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--rounds", "--seconds");
        var seconds = options.Whole("--seconds", 3);
        ComputeDevice.Open("cpu", 1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var backbone = PublishedBackbone.ImageNetResNet18;
        var data = new DatasetInfo("noise", LabelTask.BinaryClass, 1, Side, ["no", "yes"]);
        using var onnx = Classifier.Create(OnnxOptions.Model(backbone.Locate(), PixelScale.ImageNet), data, 1);
        using var ours = Classifier.Create(backbone.Model, data, 1);
        FeatureTransfer.Apply(ours, backbone.Read());
        ours.eval();
        var rates = new Dictionary<string, List<double>>();

        Console.WriteLine(Machine.Describe());
        for (var round = 0; round < options.Whole("--rounds", 5); round++)
        {
            Add("ONNX Runtime, batch 1", Rate(onnx, 1, seconds));
            foreach (var batch in _batches)
            {
                Add($"TorchSharp, batch {batch}", Rate(ours, batch, seconds));
                if (Peer.Run("python3", [Peer.Script("torch_resnet.py"), "forward", $"{Side}", $"{batch}", $"{seconds}", "3"]) is { } printed)
                    Add($"PyTorch, batch {batch}", PeerScript.Number(printed));
            }
        }

        foreach (var (name, all) in rates)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {Median.Of(all),6:F1} images a second, {all.Min():F1} to {all.Max():F1} in {all.Count} rounds"));

        void Add(string name, double rate)
        {
            if (!rates.TryGetValue(name, out var all)) rates[name] = all = [];
            all.Add(rate);
        }
    }

    private static double Rate(Classifier model, int batch, double seconds)
    {
        using var scope = NewDisposeScope();
        var images = rand(batch, 1, Side, Side).mul(2).sub(1);
        model.Features.call(images).Dispose();   // what is done once is no part of it
        var (clock, done) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed.TotalSeconds < seconds; done += batch)
            model.Features.call(images).Dispose();
        return done / clock.Elapsed.TotalSeconds;
    }
}
