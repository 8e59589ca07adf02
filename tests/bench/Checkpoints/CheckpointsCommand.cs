using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>
/// What checkpoints of a ResNet-50 cost whose first three stages stay, after Check-N-Run's ideas one by one: bytes, seconds that the training stands still, seconds of the thread beside it; and by how much
/// one thread trains more slowly with them, in turns with a training that writes none.
/// </summary>
internal static class CheckpointsCommand
{
    private const string Usage = "usage: checkpoints [--writings 5] [--rounds 3] [--seconds 30] [--interval 10]";

    private const int Side = 64, Batch = 16, UsualInterval = 60;

    private static readonly Way[] _ways =
    [
        new("one file, written between two steps", Freezes: false, MomentPrecision.Exact, Waits: true),
        new("copied, written beside the training", Freezes: false, MomentPrecision.Exact, Waits: false),
        new("what is frozen written once", Freezes: true, MomentPrecision.Exact, Waits: false),
        new("moments in eight bits", Freezes: true, MomentPrecision.EightBit, Waits: false),
    ];

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--writings", "--rounds", "--seconds", "--interval");
        ComputeDevice.Open("cpu", 1);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine("ResNet-50, head and fourth stage train; medians of a writing that is not the first");
        Console.WriteLine($"{"",-38} {"MB",7} {"of whole",9} {"stands still ms",16} {"written in ms",14} {"of 60 s",8}  same bits");
        double? whole = null;
        foreach (var way in _ways)
        {
            var cost = Of(way, options.Whole("--writings", 5));
            whole ??= cost.Bytes;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{way.Name,-38} {cost.Bytes / 1e6,7:F1} {cost.Bytes / whole,9:F3} {1000 * cost.Still,16:F1} {1000 * cost.Written,14:F1} {cost.Still / UsualInterval,8:P2}  {(way.Precision == MomentPrecision.Exact ? "yes" : "no")}"));
        }

        var (rounds, seconds, interval) = (options.Whole("--rounds", 3), options.Whole("--seconds", 30), options.Whole("--interval", 10));
        var (with, without, still) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            without.Add(Speed(seconds, TimeSpan.FromDays(1)).ImagesPerSecond);
            var (speed, share) = Speed(seconds, TimeSpan.FromSeconds(interval));
            with.Add(speed);
            still.Add(share);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Side} pixels, batches of {Batch}, one thread: {Median.Of(without):F1} images a second without, {Median.Of(with):F1} with one every {interval} s ({Median.Of(still):P2} of the time still); every {UsualInterval} s {Median.Of(still) * interval / UsualInterval:P2}"));
    }

    private static Cost Of(Way way, int writings)
    {
        using var measured = new Measured(way, TimeSpan.Zero);
        measured.Write();
        List<Cost> costs = [];
        for (var writing = 0; writing < writings; writing++)
            costs.Add(measured.Write());
        return new(costs[0].Bytes, Median.Of(costs.ConvertAll(cost => way.Waits ? cost.Still + cost.Written : cost.Still)), Median.Of(costs.ConvertAll(cost => cost.Written)));
    }

    private static (double ImagesPerSecond, double Still) Speed(int seconds, TimeSpan interval)
    {
        using var measured = new Measured(_ways[2], interval);
        measured.Step();
        var (clock, images) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed.TotalSeconds < seconds; images += Batch)
            measured.Step();
        return (images / clock.Elapsed.TotalSeconds, measured.Still / clock.Elapsed.TotalSeconds);
    }

    private sealed record Way(string Name, bool Freezes, MomentPrecision Precision, bool Waits);

    /// <param name="Still">Seconds that the training stands still.</param>
    /// <param name="Written">Seconds from then until all is on the disk.</param>
    private sealed record Cost(long Bytes, double Still, double Written);

    /// <summary>A training of random images, step by step.</summary>
    private sealed class Measured : IDisposable
    {
        private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
        private readonly DirectoryInfo place = Directory.CreateTempSubdirectory("checkpoints");
        private readonly Classifier model;
        private readonly FlatAdam optimizer;
        private readonly TrainingState state;
        private readonly CheckpointFolder folder;
        private readonly CheckpointSession session;
        private readonly Tensor images, labels;

        public Measured(Way way, TimeSpan interval)
        {
            var options = new ModelOptions { Architecture = Architecture.ResNet50 };
            var phase = TransferPlan.Scratch.FrozenTo("layer3", options).Phases[^1];
            model = Classifier.Create(options, new DatasetInfo("noise", LabelTask.BinaryClass, 3, Side, ["no", "yes"]), 0);
            var frozen = new FrozenWeights(model, phase);
            optimizer = new([.. model.parameters().Where(parameter => parameter.requires_grad)], 0);
            state = new(model, [phase], new()) { Optimizer = optimizer, Frozen = way.Freezes ? frozen.Names : new HashSet<string>() };
            (images, labels) = (rand([Batch, 3, Side, Side]), zeros([Batch], ScalarType.Int64));
            TrainingMode.Begin(model, []);
            folder = new(place.FullName);
            session = new(folder, interval, way.Precision);
        }

        public double Still => session.Seconds;

        /// <summary>A step, and a copy if it is time.</summary>
        public void Step()
        {
            using var inner = NewDisposeScope();
            optimizer.ZeroGradients();
            var loss = nn.functional.cross_entropy(model.call(images), labels);
            loss.backward();
            optimizer.Step(1e-4);
            session.Save(state, seconds: 0, [loss.detach()]);
        }

        /// <summary>A step and a writing, which is waited for.</summary>
        public Cost Write()
        {
            var (bytes, still) = (folder.WrittenBytes, session.Seconds);
            Step();
            var clock = Stopwatch.StartNew();
            session.Complete();
            return new(folder.WrittenBytes - bytes, session.Seconds - still, clock.Elapsed.TotalSeconds);
        }

        public void Dispose()
        {
            session.Dispose();
            state.Dispose();
            optimizer.Dispose();
            model.Dispose();
            scope.Dispose();
            place.Delete(recursive: true);
        }
    }
}
