using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>
/// A training that writes its state between any two steps, in a process that is killed at random moments and begun again until it ends, then anew: whether each that ends has the bits of one that nobody disturbed.
/// It has dropout, augmentation, two phases, frozen layers and a best epoch.
/// </summary>
internal static class KillsCommand
{
    private const string Usage = "usage: kills [--times 200] [--seed 1] [--within 400]; a kill comes up to so many milliseconds after the training began, or went on";

    private const string Begun = "begun";

    private static readonly FitOptions _options = new() { Epochs = 6, BatchSize = 8, Augmentation = new(), Keep = KeptEpoch.Best, KeptBy = MedTransfer.Evaluation.Metric.Loss };

    private static readonly ModelOptions _model = new() { Latent = 16, Dropout = 0.3 };

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--times", "--seed", "--within", "--train");
        if (options.Text("--train") is { } own)
        {
            Console.WriteLine(Train(new(own) { Interval = TimeSpan.Zero }, () => Console.WriteLine(Begun)));
            return;
        }

        var (random, times, within) = (new Random(options.Whole("--seed", 1)), options.Whole("--times", 200), options.Whole("--within", 400));
        var place = Directory.CreateTempSubdirectory("kills");
        try
        {
            var (undisturbed, folder) = (Train(null), Path.Combine(place.FullName, "checkpoint"));
            var (kills, writing, inEpoch, ended) = (0, 0, 0, 0);
            while (kills < times)
            {
                if (Killed(folder, random.Next(within)) is { } digest)
                {
                    if (digest != undisturbed)
                        throw new MedTransferException($"After {kills} kills a training ended with other bits: {digest}, undisturbed {undisturbed}.");
                    ended++;
                    Directory.Delete(folder, recursive: true);
                    continue;
                }

                kills++;
                writing += IsHalfWritten(folder) ? 1 : 0;
                if (new CheckpointFolder(folder).Read() is { } state)
                    inEpoch += state.Epoch.Count > 0 ? 1 : 0;
                else if (File.Exists(Path.Combine(folder, "manifest.json")))
                    throw new MedTransferException($"Kill {kills} left a manifest without a whole state.");
            }

            Console.WriteLine(Machine.Describe());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kills} kills, {writing} of them while a state was being written, {inEpoch} with a state within an epoch; {ended} trainings ended, each with the bits of the undisturbed one"));
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    // what it printed where it ended before it was killed
    private static string? Killed(string folder, int milliseconds)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["kills", "--train", folder]) { RedirectStandardOutput = true })!;
        if (process.StandardOutput.ReadLine() != Begun)
            throw new MedTransferException("The training did not begin; run 'kills --train FOLDER' by itself to see why.");
        if (!process.WaitForExit(milliseconds))
            process.Kill();
        process.WaitForExit();
        return process.ExitCode == 0 ? process.StandardOutput.ReadToEnd().Trim() : null;
    }

    private static bool IsHalfWritten(string folder) =>
        Directory.Exists(folder) && Directory.GetFiles(folder).Select(Path.GetFileName).Count(file => file!.StartsWith("trained", StringComparison.Ordinal) || file.EndsWith(".part", StringComparison.Ordinal)) > 1;

    // a digest of the weights and of the history
    private static string Train(Checkpoint? checkpoint, Action? onBegin = null)
    {
        ComputeDevice.Open("cpu", 1);
        using var scope = NewDisposeScope();
        var info = new DatasetInfo("noise", LabelTask.BinaryClass, 1, 28, ["no", "yes"]);
        using var model = Classifier.Create(_model, info, 1);
        using var images = Noise(info, 96);
        var plan = new TransferPlan { Phases = [new() { Trained = [Classifier.HeadPart], Epochs = 2 }, .. TransferPlan.Scratch.FrozenTo(1, _model).Phases] };
        using var learner = new ClassifierLearner(model, images, images) { Augmentation = _options.Augmentation };
        onBegin?.Invoke();
        var fit = new Trainer(_options, 1) { Plan = plan, Checkpoint = checkpoint }.Fit(learner);
        var weights = model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.ToStored());
        return $"{WeightFile.DigestOf(weights)} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(fit.History))))}";
    }

    private static LabelledImages Noise(DatasetInfo info, int count)
    {
        manual_seed(1);
        var labels = new byte[count, 1];
        for (var image = 0; image < count; image++)
            labels[image, 0] = (byte)(image % 2);
        using var split = new Split(randint(0, 256, [count, 1, info.ImageSize, info.ImageSize], ScalarType.Byte), Labels.Of(labels), null);
        return LabelledImages.On(CPU, split, LearningTask.Of(info));
    }
}
