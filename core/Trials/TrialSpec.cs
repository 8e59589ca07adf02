using System.Text.Json;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;

namespace MedTransfer.Trials;

/// <summary>Everything that decides a trial's result: plain data, the same bits every time.</summary>
public sealed record TrialSpec
{
    /// <summary>The images.</summary>
    public required DataReference Data { get; init; }

    /// <summary>The model; default the study's CNN.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>Initial weights and which of them train; default none transferred, all trained.</summary>
    public TransferPlan Transfer { get; init; } = TransferPlan.Scratch;

    /// <summary>How it is trained.</summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>Initial weights, order of images, every other draw.</summary>
    public long Seed { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>: the same spec gives other bits on another kind of device.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Compute threads, at least 1, which is the default: another number gives other bits. Trials run in parallel instead.</summary>
    public int Threads { get; init; } = ComputeDevice.Threads;

    /// <summary>The spec, if it can be run.</summary>
    /// <exception cref="MedTransferException">An option is out of its range, or two do not go together.</exception>
    public TrialSpec Checked()
    {
        Model.Checked();
        Fit.Checked();
        Transfer.Checked(Model.Architecture);
        if (Threads < 1)
            throw new MedTransferException($"The number of threads is {Threads}, but must be at least 1.") { IsUsage = true };
        if (Fit.Solver == Solver.Convex && !Transfer.TrainsHeadAlone)
            throw new MedTransferException("The convex solver trains the head alone: use a plan whose features stay.") { IsUsage = true };
        return this;
    }

    /// <summary>What it does in a few words: model, origin of the weights, solver.</summary>
    public string Describe()
    {
        var head = Fit.Solver == Solver.Convex ? ", converged head" : "";
        if (Model.Architecture != Architecture.ConvNet)
            return Model.Architecture == Architecture.MajorityClass ? "majority class" : "pixel regression";
        var origin = Transfer.Parent is null ? (Whole: "random features", Trained: "no transfer") : (Whole: "frozen", Trained: "fine-tuned");
        var layers = Classifier.FeatureLayers(Model.Architecture);
        var frozen = Transfer.FrozenLayers(Model.Architecture);
        return (frozen.Count == 0 ? origin.Trained
            : frozen.Count == layers.Count ? origin.Whole
            : frozen.SequenceEqual(layers.Take(frozen.Count)) ? $"{origin.Whole} to {LayerName(frozen[^1])}"
            : $"{origin.Whole}: {string.Join(", ", frozen.Select(LayerName))}") + head;
    }

    private static string LayerName(string layer) => layer[(Classifier.FeaturesPart.Length + 1)..];

    /// <summary>Reads a spec as it was written.</summary>
    /// <exception cref="MedTransferException">The file is not there or is no spec.</exception>
    public static TrialSpec Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrialSpec>(File.ReadAllText(path), TrialJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{path} is no trial's spec: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; name a spec.json of a trial's folder.", e);
        }
    }
}
