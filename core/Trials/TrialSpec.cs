using System.Text.Json;
using MedTransfer.Models;
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

    /// <summary>The spec, if it can be run.</summary>
    /// <exception cref="MedTransferException">An option is out of its range, or two do not go together.</exception>
    public TrialSpec Checked()
    {
        Model.Checked();
        Fit.Checked();
        Transfer.Checked();
        if (Fit.Solver == Solver.Convex && Transfer.Trained.Contains(Classifier.FeaturesPart))
            throw new MedTransferException("The convex solver trains the head alone: use a plan whose features stay.") { IsUsage = true };
        return this;
    }

    /// <summary>What it does in a few words: model, origin of the weights, solver.</summary>
    public string Describe()
    {
        var head = Fit.Solver == Solver.Convex ? ", converged head" : "";
        if (Model.Architecture != Architecture.ConvNet)
            return Model.Architecture == Architecture.MajorityClass ? "majority class" : "pixel regression";
        var frozen = !Transfer.Trained.Contains(Classifier.FeaturesPart);
        return (Transfer.Parent, frozen) switch
        {
            (null, false) => "no transfer",
            (null, true) => "random features",
            (_, true) => "frozen",
            _ => "fine-tuned",
        } + head;
    }

    /// <summary>Reads a spec as it was written.</summary>
    /// <exception cref="MedTransferException">The file is not there or is no spec.</exception>
    public static TrialSpec Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrialSpec>(File.ReadAllText(path), TrialJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{path} is no trial's spec: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; name a spec.json of a trial's folder.", e);
        }
    }
}
