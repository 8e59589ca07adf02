using System.Security.Cryptography;
using System.Text.Json;
using MedTransfer.Data;
using MedTransfer.Data.Formats;
using MedTransfer.Inference;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Claims;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Trials.Timing;
using static TorchSharp.torch;

namespace MedTransfer.Trials.Artefacts;

/// <summary>
/// The artefacts of one trial. Each appears whole or not at all, and <c>metrics.json</c> comes last: where it is, the trial is done.
/// </summary>
public sealed class TrialFolder
{
    /// <summary>The folder of a trial below <paramref name="runs"/>; nothing is made yet.</summary>
    public TrialFolder(string runs, string trial) => FullPath = Path.GetFullPath(Path.Combine(runs, trial));

    /// <summary>The folder of a trial by its own path.</summary>
    public static TrialFolder At(string path) => new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), "");

    /// <summary>Where the artefacts are.</summary>
    public string FullPath { get; }

    /// <summary>The folder's own name, which is the trial's unless somebody gave it another.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <summary>Whether there is a trial, done or not: its spec is there.</summary>
    public bool IsBegun => File.Exists(In(SpecFile));

    /// <summary>Whether the trial is done.</summary>
    public bool IsDone => File.Exists(MetricsPath);

    /// <summary>The weights, safetensors; of a large network whose layers stayed, those that trained: the others lie once in <c>weights</c>, beside the trials.</summary>
    public string WeightsPath => In("weights.safetensors");

    /// <summary>Labels and probabilities of every image, of a classifier.</summary>
    public string PredictionsPath => In("predictions.csv");

    /// <summary>The training's state while it runs, so that one that was stopped goes on.</summary>
    internal Checkpoint Checkpoint => CheckpointUntil(CancellationToken.None);

    /// <summary>The same, to which nothing more is written once the trial is another process's.</summary>
    internal Checkpoint CheckpointUntil(CancellationToken lost) => new(In("checkpoint")) { Interval = Checkpoint.IntervalOfTrials(), Lost = lost };

    /// <summary>The images that an autoencoder saw, with their labels, where there are any.</summary>
    public string ImagesPath => In("images.csv");

    /// <summary>The first 64 test images as an autoencoder draws them, npy uint8 (n, C, S, S).</summary>
    public string ReconstructionsPath => In("reconstructions-test.npy");

    /// <summary>Training images whose embeddings are kept, the first of them.</summary>
    public const int MostTrainEmbeddings = 10_000;

    /// <summary>Bytes of weights that stayed from which on trials share them: a ResNet has more, the study's CNN of small images less.</summary>
    private const long LeastShared = 8L << 20;

    private const string SpecFile = "spec.json", EnvironmentFile = "environment.json", TimingFile = "timing.json", MetricsFile = "metrics.json";

    private string MetricsPath => In(MetricsFile);

    /// <summary>Embeddings of a split, npy float32 (N, D): test, and train up to 10,000 images.</summary>
    /// <exception cref="MedTransferException">Of validation none are kept.</exception>
    public string EmbeddingsPath(SplitName split) => split switch
    {
        SplitName.Train => In("embeddings-train.npy"),
        SplitName.Test => In("embeddings-test.npy"),
        _ => throw new MedTransferException($"The trial in {FullPath} has embeddings of its train and test split, none of {split.Text()}: ask for one of those."),
    };

    /// <summary>Makes the folder and writes what is known before training.</summary>
    public void Begin(TrialSpec spec)
    {
        Make();
        // what a process that was killed left half written
        foreach (var part in Directory.GetFiles(FullPath, "*.part", SearchOption.AllDirectories))
            File.Delete(part);
        WriteJson(SpecFile, spec);
    }

    /// <summary>Makes the folder and waits until no other process, on this machine or another, trains the trial, which may be done by then.</summary>
    /// <returns>What to remove once the trial is done, and to dispose of in any case.</returns>
    internal FolderClaim Claim(CancellationToken cancellation)
    {
        Make();
        return FolderClaim.Take(
            FullPath,
            error => new MedTransferException($"{FullPath} can't be written to: {FileErrors.Reason(error)}; name another folder with --out.", error),
            cancellation);
    }

    /// <summary>The epoch that ended last by the word of whoever trains the trial, some seconds old; null before the first has ended.</summary>
    /// <returns>Whether anybody trains it at all, and that epoch.</returns>
    internal (bool IsHeld, EpochRecord? Epoch) Underway()
    {
        var words = FolderClaim.StatusOf(FullPath);
        return (words is not null, EpochWords.Read(words));
    }

    /// <summary>Writes the weights.</summary>
    /// <param name="trains">Whether a weight or buffer of that name is of a layer that trained.</param>
    internal void WriteWeights(nn.Module model, Func<string, bool> trains)
    {
        var stayed = model.state_dict().Where(weight => !trains(weight.Key)).ToDictionary();
        var isMuch = stayed.Values.Sum(weight => weight.numel() * weight.element_size()) >= LeastShared;
        WeightFile.Save(model, WeightsPath, name => isMuch && stayed.ContainsKey(name));
    }

    /// <summary>Writes everything else, <c>metrics.json</c> last; then the training's checkpoint goes.</summary>
    /// <param name="data">The images that were measured.</param>
    /// <param name="outputs">What the model made of each split.</param>
    public void Finish(FitResult fit, Dataset data, IReadOnlyDictionary<SplitName, SplitOutput> outputs, TrialEnvironment environment, TrialMetrics metrics)
    {
        WholeFile.WriteText(In("history.csv"), HistoryCsv.Format(fit.History));
        var predictions = TrialPredictions.Format([.. outputs.Select(split => new SplitPredictions(split.Key, data[split.Key].FileIndices, data[split.Key].Labels, split.Value.Probabilities))]);
        WholeFile.WriteText(metrics.Task is null ? ImagesPath : PredictionsPath, predictions);
        if (outputs.GetValueOrDefault(SplitName.Test)?.Reconstructions is { } reconstructions)
            WholeFile.Write(ReconstructionsPath, stream => NpyWriter.Write(stream, reconstructions));
        foreach (var (split, output) in outputs)
        {
            if (output.Embeddings is { } embeddings)
                NpyWriter.Write(EmbeddingsPath(split), embeddings);
        }

        WriteJson(EnvironmentFile, environment);
        WriteJson(MetricsFile, metrics);
        Checkpoint.Delete();   // a process that dies before loses nothing
    }

    /// <summary>Deletes what a process that was killed as its trial was done left beside the artefacts.</summary>
    internal void Tidy()
    {
        Checkpoint.Delete();
        FolderClaim.RemoveAll(FullPath);
    }

    /// <summary>Writes what a timing measured, beside the artefacts of the trial, or alone where it is only timed.</summary>
    internal void WriteTiming(TrialTiming timing)
    {
        Make();
        WriteJson(TimingFile, timing);
    }

    /// <summary>What the last timing measured; null where there was none, or its file can't be read: it is measured again.</summary>
    internal TrialTiming? ReadTiming()
    {
        try
        {
            return File.Exists(In(TimingFile)) ? ReadJson<TrialTiming>(TimingFile) : null;
        }
        catch (MedTransferException)
        {
            return null;
        }
    }

    /// <summary>Folders of the finished trials below <paramref name="runs"/>, by name; none where there is no such folder.</summary>
    public static IReadOnlyList<TrialFolder> Finished(string runs) => !Directory.Exists(runs)
        ? []
        : [.. Directory.GetDirectories(runs).Order(StringComparer.Ordinal)
            .Select(folder => new TrialFolder(runs, Path.GetFileName(folder))).Where(folder => folder.IsDone)];

    /// <summary>The spec as it was written.</summary>
    public TrialSpec ReadSpec() => TrialSpec.Read(In(SpecFile));

    /// <summary>Names of the files of a finished trial that its spec and its data decide, in order: the spec itself, where and when it ran and what a timing measured are not among them.</summary>
    internal IReadOnlyList<string> Decided =>
        [.. Directory.GetFiles(FullPath).Select(path => Path.GetFileName(path)).Where(name => name is not (SpecFile or EnvironmentFile or TimingFile)).Order(StringComparer.Ordinal)];

    /// <summary>Whether another trial's folder has the same bytes under that name, of weights also what they share with others.</summary>
    internal bool HasSame(string file, TrialFolder other)
    {
        if (!File.Exists(In(file)) || !File.Exists(other.In(file)))
            return false;
        using var mine = File.OpenRead(In(file));
        using var others = File.OpenRead(other.In(file));
        return mine.Length == others.Length && SHA256.HashData(mine).AsSpan().SequenceEqual(SHA256.HashData(others))
            && (In(file) != WeightsPath || WeightFile.HasShared(other.WeightsPath));
    }

    /// <summary>What a finished trial left, with its spec as written.</summary>
    public TrialResult Read()
    {
        var spec = ReadSpec();
        return Read(new Trial(spec, spec.Describe()));
    }

    /// <summary>What a finished trial left.</summary>
    public TrialResult Read(Trial trial) =>
        new(trial, this, ReadJson<TrialMetrics>(MetricsFile), ReadJson<TrialEnvironment>(EnvironmentFile),
            ReadFile("history.csv", HistoryCsv.Parse));

    /// <summary>The weights, by name, those that stayed among them.</summary>
    /// <exception cref="MedTransferException">They are not those that were measured.</exception>
    public IReadOnlyDictionary<string, SafeTensor> ReadWeights() => OfTrial(() =>
        WeightFile.DigestOf(WeightsPath) == ReadJson<TrialMetrics>(MetricsFile).WeightsDigest
            ? WeightFile.Load(WeightsPath)
            : throw new MedTransferException($"{WeightsPath} was changed since it was written"));

    /// <summary>Where there is a row for each image.</summary>
    internal string RowsPath => File.Exists(ImagesPath) ? ImagesPath : PredictionsPath;

    /// <summary>Labels and probabilities of a split; of an autoencoder, labels alone.</summary>
    internal SplitPredictions ReadPredictions(SplitName split)
    {
        try
        {
            return TrialPredictions.Read(RowsPath, split);
        }
        catch (Exception e) when (e is FormatException or OverflowException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(RowsPath, e);
        }
    }

    /// <summary>Embeddings of a split, (N, D).</summary>
    public float[,] ReadEmbeddings(SplitName split)
    {
        var path = EmbeddingsPath(split);
        return OfTrial(() => NpyFile.ReadMatrix(path));
    }

    /// <summary>The first 64 test images as an autoencoder draws them, without labels; the caller disposes of them.</summary>
    public Split ReadReconstructions() => OfTrial(() => NpyFile.ReadImages(ReconstructionsPath));

    // a file of ours that is damaged is not fetched again, but made again
    private T OfTrial<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (MedTransferException e)
        {
            throw new MedTransferException($"The trial in {FullPath} is damaged, delete that folder and run again: {e.Message}", e);
        }
    }

    private void Make()
    {
        try
        {
            Directory.CreateDirectory(FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"The folder {FullPath} can't be made: {e.Message.TrimEnd('.')}; name another with --out.", e);
        }
    }

    private string In(string file) => Path.Combine(FullPath, file);

    private void WriteJson<T>(string file, T value) => WholeFile.WriteText(In(file), JsonSerializer.Serialize(value, TrialJson.Options) + "\n");

    private T ReadJson<T>(string file) =>
        ReadFile(file, text => JsonSerializer.Deserialize<T>(text, TrialJson.Options) ?? throw new JsonException("it is empty"));

    private T ReadFile<T>(string file, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(In(file)));
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(In(file), e);
        }
    }

    private static MedTransferException Unreadable(string path, Exception e) =>
        new($"{path} can't be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; delete its folder and run again.", e);
}
