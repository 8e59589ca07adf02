using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>Images a second of the published ResNet-18's forward pass: ONNX Runtime on its file, ours with its weights, and PyTorch where it is installed, one after the other in each round.</summary>
internal static class OnnxCommand
{
    private const string Usage = "usage: onnx [--images 16] [--rounds 5] [--threads 1]";

    private const int Side = 224, Batch = 16;

    private static readonly (string Name, int Batch)[] _ours = [("ONNX Runtime, batch 1", 1), ("TorchSharp, batch 1", 1), ($"TorchSharp, batch {Batch}", Batch)];

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--images", "--rounds", "--threads");
        var (count, threads) = (options.Whole("--images", Batch), options.Whole("--threads", 1));
        ComputeDevice.Open("cpu", threads);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var backbone = PublishedBackbone.ImageNetResNet18;
        var data = new DatasetInfo("random", LabelTask.BinaryClass, 1, Side, ["no", "yes"]);
        using var onnx = Classifier.Create(OnnxOptions.Model(backbone.Locate(), PixelScale.ImageNet), data, 1);
        using var ours = Classifier.Create(backbone.Model, data, 1);
        FeatureTransfer.Apply(ours, backbone.Read());
        ours.eval();
        var images = rand(count, 1, Side, Side).mul(2).sub(1);
        var seconds = new Dictionary<string, List<double>>();

        Console.WriteLine(Machine.Describe());
        for (var round = 0; round < options.Whole("--rounds", 5); round++)
        {
            foreach (var (name, batch) in _ours)
                Add(name, Seconds(name.StartsWith("ONNX", StringComparison.Ordinal) ? onnx : ours, images, batch));
            foreach (var batch in new[] { 1, Batch })
            {
                if (Peer.Run("python3", [Peer.Script("torch_resnet18.py"), $"{Side}", $"{batch}", $"{count}", $"{threads}"], threads) is { } printed)
                    Add($"PyTorch, batch {batch}", PeerScript.Number(printed));
            }
        }

        Console.WriteLine($"{count} images of {Side} pixels a side, {threads} threads; medians of {seconds.Values.First().Count}");
        Console.WriteLine($"{"",-24} {"seconds",9} {"images/s",10}");
        foreach (var (name, all) in seconds)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {Median.Of(all),9:F3} {count / Median.Of(all),10:F1}"));

        void Add(string name, double value)
        {
            if (!seconds.TryGetValue(name, out var all)) seconds[name] = all = [];
            all.Add(value);
        }
    }

    private static double Seconds(Classifier model, Tensor images, int batch)
    {
        model.Features.call(images.slice(0, 0, batch, 1)).Dispose();   // what is done once is no part of it
        var clock = Stopwatch.StartNew();
        foreach (var part in images.split(batch))
            model.Features.call(part).Dispose();
        return clock.Elapsed.TotalSeconds;
    }
}
