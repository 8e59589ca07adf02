using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Runtime.Claims;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Bench;

/// <summary>
/// A trial on the Slurm cluster whose node this is, its state written between any two steps; its process is killed at random moments and the trial submitted again until it ends, then anew: whether each that ends has the
/// bytes of one that was run here and that nobody disturbed.
/// </summary>
internal static class SlurmKillsCommand
{
    private const string Usage = "usage: slurm-kills [--times 200] [--seed 1] [--within 1500] [--folder FOLDER]; a kill comes up to so many milliseconds after the training has begun, or goes on; FOLDER is one that tasks see";

    private static readonly WatchIntervals _often = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500));

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--times", "--seed", "--within", "--folder");
        var (random, times, within) = (new Random(options.Whole("--seed", 1)), options.Whole("--times", 200), options.Whole("--within", 1500));
        Environment.SetEnvironmentVariable(Checkpoint.IntervalVariable, "0");   // which tasks inherit
        var place = Directory.CreateDirectory(Path.Combine(options.Text("--folder") ?? Path.GetTempPath(), $"slurm-kills-{Path.GetRandomFileName()}")).FullName;
        try
        {
            var (source, trial) = Noise(place);
            using (var here = new TrialRunner(Path.Combine(place, "here"), [source]))
                here.Run([trial]);
            var undisturbed = Artefacts(new TrialFolder(Path.Combine(place, "here"), trial.Name));
            var (kills, inEpoch, ended) = (0, 0, 0);
            while (kills < times)
            {
                var folder = new TrialFolder(Path.Combine(place, "runs"), trial.Name);
                if (Killed(place, source, trial, random.Next(within)))
                {
                    kills++;
                    Console.Error.Write($"\r{kills} kills");
                    inEpoch += folder.Checkpoint.Position is { Steps: > 0 } ? 1 : 0;
                    continue;
                }

                if (!Artefacts(folder).SequenceEqual(undisturbed))
                    throw new MedTransferException($"After {kills} kills a trial ended with other bytes.");
                ended++;
                Delete(folder.FullPath);
            }

            Console.WriteLine(Machine.Describe());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kills} kills, {inEpoch} with a state within an epoch; {ended} trials ended, each with the bytes of the undisturbed one"));
        }
        finally
        {
            Delete(place);
        }
    }

    // whether it was killed before it ended
    private static bool Killed(string place, DatasetSource source, Trial trial, int milliseconds)
    {
        var jobs = Path.Combine(place, "jobs");
        using var runner = new TrialRunner(Path.Combine(place, "runs"), [source]) { Executor = _ => new SlurmExecutor(Path.Combine(place, "runs"), jobs, new()) { Intervals = _often } };
        using var over = new CancellationTokenSource();
        Thread? killer = null;
        try
        {
            runner.Run([trial], progress =>
            {
                if (progress.Stage != TrialStage.Started || HolderOf(new TrialFolder(Path.Combine(place, "runs"), trial.Name)) is not { } process)
                    return;
                killer = new(() =>
                {
                    if (!over.Token.WaitHandle.WaitOne(milliseconds))
                        Kill(process);
                });
                killer.Start();
            });
            return false;
        }
        catch (MedTransferException e) when (e.Message.Contains("ended without it", StringComparison.Ordinal))
        {
            return true;
        }
        finally
        {
            over.Cancel();
            killer?.Join();
            Directory.Delete(jobs, recursive: true);
        }
    }

    private static int? HolderOf(TrialFolder folder)
    {
        var claims = new ClaimFolder(folder.FullPath);
        return claims.Newest() is { } newest ? claims.StateOf(newest)?.Holder?.Process : null;
    }

    private static void Kill(int process)
    {
        try
        {
            using var holder = Process.GetProcessById(process);
            holder.Kill();
        }
        catch (ArgumentException)
        {
            // it has ended
        }
    }

    // its task may still tidy up in it
    private static void Delete(string folder)
    {
        for (var tries = 0; Directory.Exists(folder); tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (tries < 100)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static IReadOnlyList<string> Artefacts(TrialFolder folder) =>
        [.. Directory.GetFiles(folder.FullPath).Where(path => Path.GetFileName(path) != "environment.json").Order(StringComparer.Ordinal).Select(path => $"{Path.GetFileName(path)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}")];

    private static (DatasetSource Source, Trial Trial) Noise(string place)
    {
        var random = new Random(1);
        byte[,,] Images(int count)
        {
            var pixels = new byte[count, 28, 28];
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref pixels[0, 0, 0], pixels.Length));
            return pixels;
        }

        byte[,] Labels(int count)
        {
            var labels = new byte[count, 1];
            for (var image = 0; image < count; image++)
                labels[image, 0] = (byte)(image % 2);
            return labels;
        }

        var path = Path.Combine(place, "noise.npz");
        NpzWriter.Write(path,
        [
            new("train_images", Images(96)), new("train_labels", Labels(96)),
            new("val_images", Images(40)), new("val_labels", Labels(40)),
            new("test_images", Images(40)), new("test_labels", Labels(40)),
        ]);
        var source = DatasetSource.Find(path, new DataFolders([]));
        var spec = new TrialSpec
        {
            Data = new DataReference { Path = source.Path, Digest = source.Md5 },
            Model = new() { Latent = 16, Dropout = 0.3 },
            Fit = new() { Epochs = 20, BatchSize = 8, Augmentation = new(), Keep = KeptEpoch.Best, KeptBy = MedTransfer.Evaluation.Metric.Loss },
        };
        return (source, new(spec, "killed"));
    }
}
