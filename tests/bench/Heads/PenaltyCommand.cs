using System.Globalization;
using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Resampling;
using MedTransfer.Inference;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using static TorchSharp.torch;

namespace MedTransfer.Bench;

/// <summary>
/// How long the choice of a converged head's penalty takes on one thread, and whether it is right, beside scikit-learn's LogisticRegressionCV on
/// the same standardised columns, folds and values of C, without the fit to all rows that follows. They take turns; seconds are the processor's.
/// </summary>
internal static class PenaltyCommand
{
    private const string Usage = "usage: penalty [--cases 1000x512,...,1000x512:classes=9,1000x512:findings=14,SET.npz] [--rounds 3] [--alone yes]";

    private const string Usual = "1000x512,4708x512,300x2048,1000x512:classes=9,1000x512:findings=14,3000x784";

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--cases", "--rounds", "--alone");
        var folder = Directory.CreateTempSubdirectory("penalty");
        try
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"{"",-24} {"ours, s",8} {"C",8} {"peer, s",8} {"C",8} {"largest difference of a held-out loss",38}");
            ComputeDevice.Open("cpu");
            Choose(PenaltyCase.Of("100x20", Usage));   // just-in-time compilation
            var cases = (options.Text("--cases") ?? Usual).Split(',').Select(name => PenaltyCase.Of(name, Usage)).ToList();   // a wrong one is said before any is measured
            foreach (var of in cases)
                Measure(of, folder.FullName, options.Whole("--rounds", 3), options.Text("--alone") is not null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(PenaltyCase of, string folder, int rounds, bool alone)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        var (chosen, peer) = (default(ChosenPenalty), default(PeerChoice));
        for (var round = 0; round < rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            chosen = Choose(of);
            ours.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
            if (!alone && (peer = Ask(of, folder)) is not null) theirs.Add(peer.Seconds);
        }

        var beside = peer is null ? "" : string.Create(CultureInfo.InvariantCulture,
            $" {Median.Of(theirs),8:F2} {peer.Chosen,8:G3} {chosen!.Tried.Zip(peer.Losses, (one, loss) => Math.Abs(one.HeldOutLoss!.Value - loss)).Max(),38:G2}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{of.Name,-24} {Median.Of(ours),8:F2} {chosen!.InversePenalty,8:G3}{beside}"));
    }

    private static ChosenPenalty Choose(PenaltyCase of)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var split = new Split(zeros([of.Count, 1, 1, 1], ScalarType.Byte), of.Labels, null);
        using var images = LabelledImages.On(CPU, split, of.Task);
        return new PenaltySearch(new(), ClassBalance.None).Choose(PrincipalCoordinates.Of(tensor(of.Columns, ScalarType.Float64)), images, of.Outputs, CancellationToken.None)!;
    }

    private sealed record PeerChoice(double Seconds, double Chosen, double[] Losses);

    private static PeerChoice? Ask(PenaltyCase of, string folder)
    {
        string PathOf(string what, Array values)
        {
            var path = Path.Combine(folder, $"{what}.npy");
            WholeFile.Write(path, stream => NpyWriter.Write(stream, values));
            return path;
        }

        var parts = new int[of.Count];
        foreach (var (part, fold) in new Folds(of.Labels, null, new()).Index())
        {
            foreach (var row in fold.HeldOut) parts[row] = part;
        }

        var tried = string.Join(',', new PenaltyChoice().InversePenalties.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        var printed = Peer.Run("python3", [Peer.Script("sklearn_penalty.py"), PathOf("X", of.Columns), PathOf("y", of.Labels.Values), PathOf("folds", parts), tried]);
        return printed is null ? null : JsonSerializer.Deserialize<PeerChoice>(printed, JsonSerializerOptions.Web);
    }
}

/// <summary>Rows that look like the features of a network, standardised, and labels that they tell in part.</summary>
/// <param name="Name">As asked for.</param>
internal sealed record PenaltyCase(string Name, double[,] Columns, Labels Labels, LearningTask Task, int Outputs)
{
    private const int Latent = 30;

    internal int Count => Columns.GetLength(0);

    /// <summary>Of NxD, NxD:classes=K or NxD:findings=L; or the pixels of a file's training images.</summary>
    internal static PenaltyCase Of(string name, string usage)
    {
        if (name.EndsWith(".npz", StringComparison.Ordinal))
            return OfPixels(name);
        if (name.Split('x', ':', '=') is not [var rows, var columns, .. var kind] || !int.TryParse(rows, out var n) || !int.TryParse(columns, out var d)
            || kind is not ([] or ["classes" or "findings", _]) || !int.TryParse(kind.ElementAtOrDefault(1) ?? "2", out var outputs))
            throw new MedTransferException($"case '{name}' is not NxD, NxD:classes=K or NxD:findings=L; {usage}") { IsUsage = true };
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        Tensor Normal(long first, long second) => randn(first, second, dtype: ScalarType.Float64, generator: generator);
        var latent = Normal(n, Latent);
        var features = (latent.mm(Normal(Latent, d)) / Math.Sqrt(Latent) + 0.3 * Normal(n, d) + 0.3 * Normal(1, d)).relu();
        features = (features - features.mean([0])) / features.std(0, unbiased: false);
        var scores = latent.mm(Normal(Latent, outputs)) / Math.Sqrt(Latent) + Normal(n, outputs);
        var findings = kind is ["findings", _];
        var labels = (findings ? scores.gt(1.5) : scores.argmax(1, keepdim: true)).to(ScalarType.Byte);
        var values = new byte[n, labels.shape[1]];
        Buffer.BlockCopy(labels.data<byte>().ToArray(), 0, values, 0, values.Length);
        return new(name, (double[,])features.data<double>().ToNDArray(), Labels.Of(values), LearningTask.Of(findings ? LabelTask.MultiLabel : LabelTask.MultiClass), outputs);
    }

    private static PenaltyCase OfPixels(string file)
    {
        using var scope = NewDisposeScope();
        using var data = DatasetSource.Find(file, DataFolders.InOrder(null, null)).Load();
        var pixels = data.Train.Images.flatten(1).to(ScalarType.Float64);
        pixels = (pixels - pixels.mean([0])) / pixels.std(0, unbiased: false).clamp_min(1e-9);
        return new(data.Info.Name, (double[,])pixels.data<double>().ToNDArray(), data.Train.Labels, LearningTask.Of(data.Info), data.Info.Outputs);
    }
}
