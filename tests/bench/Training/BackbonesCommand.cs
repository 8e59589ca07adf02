using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>
/// Images a second of a ResNet-18 on one thread, in turns with PyTorch: forward, a training step of everything, and of the last stage alone on what
/// the others make of the images, which is computed once.
/// </summary>
internal static class BackbonesCommand
{
    private const string Usage = "usage: backbones [--sizes 64,224] [--rounds 3] [--seconds 5] [--ways forward,train,last]";

    private static readonly Dictionary<int, int> _batches = new() { [64] = 32, [224] = 16 };

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--sizes", "--rounds", "--seconds", "--ways");
        var seconds = options.Whole("--seconds", 5);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{"",-16} {"ours",10} {"PyTorch",10} {"ours / PyTorch",16}");
        foreach (var size in (options.Text("--sizes") ?? "64,224").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            var batch = _batches.GetValueOrDefault(size, 16);
            foreach (var way in (options.Text("--ways") ?? "forward,train,last").Split(','))
            {
                var (ours, peers) = (new List<double>(), new List<double>());
                for (var round = 0; round < options.Whole("--rounds", 3); round++)
                {
                    ours.Add(Ours(way, size, batch, seconds));
                    if (Peer.Run("python3", [Peer.Script("torch_resnet.py"), way, $"{size}", $"{batch}", $"{seconds}"]) is { } printed)
                        peers.Add(PeerScript.Number(printed));
                }

                var (own, other) = (Median.Of(ours), peers.Count == 0 ? double.NaN : Median.Of(peers));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{way + " " + size,-16} {own,10:F1} {other,10:F1} {own / other,16:F2}"));
            }
        }
    }

    private static double Ours(string way, int size, int batch, double seconds)
    {
        ComputeDevice.Open("cpu", 1);
        using var scope = NewDisposeScope();
        var info = new DatasetInfo("noise", LabelTask.BinaryClass, 3, size, ["no", "yes"]);
        using var model = Classifier.Create(new() { Architecture = Architecture.ResNet18 }, info, 0);
        var (images, labels) = (rand([batch, 3, size, size]), zeros([batch], ScalarType.Int64));
        var layers = model.Layers;
        var depth = way == "last" ? layers.Names.TakeWhile(name => !name.StartsWith("layer4", StringComparison.Ordinal)).Count() : 0;
        var phase = new Phase { Trained = way == "last" ? [$"{Classifier.FeaturesPart}.layer4", Classifier.HeadPart] : [Classifier.FeaturesPart, Classifier.HeadPart] };
        foreach (var (name, parameter) in model.named_parameters())
            parameter.requires_grad = way != "forward" && phase.Trains(name);
        model.train(way != "forward");
        Tensor values;
        using (no_grad())
            values = layers.Through(images, 0, depth);
        using var optimizer = way == "forward" ? null : new FlatAdam([.. model.parameters().Where(parameter => parameter.requires_grad)], 0);
        Step();
        var (clock, done) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed.TotalSeconds < seconds; done += batch)
            Step();
        return done / clock.Elapsed.TotalSeconds;

        void Step()
        {
            using var inner = NewDisposeScope();
            if (optimizer is null)
            {
                using var noGradient = no_grad();
                model.forward(images);
                return;
            }

            optimizer.ZeroGradients();
            nn.functional.cross_entropy(model.LogitsFrom(values, depth), labels).backward();
            optimizer.Step(1e-4);
        }
    }
}
