using System.Text.Json;
using System.Text.Json.Serialization;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;

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

    /// <summary>
    /// Names of finished trials on the same labels that are taken together, the mean of their probabilities, instead of training anything;
    /// default none.
    /// </summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Initial weights, order of images, every other draw.</summary>
    public long Seed { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>: the same spec gives other bits on another kind of device.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Compute threads, at least 1, which is the default: another number gives other bits. Trials run in parallel instead.</summary>
    public int Threads { get; init; } = ComputeDevice.Threads;

    /// <summary>Names of the trials that must be finished before this one.</summary>
    [JsonIgnore]
    public IEnumerable<string> Needs => Transfer.Parent is { } parent ? Members.Prepend(parent) : Members;

    /// <summary>
    /// Whether the training images pass the features once, before any epoch. Embeddings of other models than the CNN are pixels, or less:
    /// quicker to make anew than to keep.
    /// </summary>
    internal bool EmbedsOnce => Transfer.TrainsHeadAlone
        && (Fit.Solver == Solver.Convex || Model.Architecture == Architecture.ConvNet && Fit.Augmentation is null && !Fit.ThroughFrozenLayers);

    /// <summary>Whether its model learns embeddings, or draws them: controls have an image's pixels or less in their place, an ensemble its members'.</summary>
    internal bool HasEmbeddings => Members.Count == 0 && Model.Architecture is (Architecture.ConvNet or Architecture.Autoencoder);

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
        if (Model.Architecture == Architecture.Autoencoder)
            CheckAutoencoder();
        if (Members.Count > 0 && (Transfer.Parent is not null || Model.Architecture == Architecture.Autoencoder))
            throw new MedTransferException("An ensemble trains nothing: give it classifiers as members, and no plan.") { IsUsage = true };
        return this;
    }

    /// <summary>
    /// What it does in a few words: model, origin of the weights, solver; whether on an excerpt; and on which fold, counted from 1, an inner
    /// one after its outer one.
    /// </summary>
    public string Describe() =>
        WayOf() + (Data.Excerpt is { } most ? $", excerpt of {most} a split" : "") + (Data.Folds.Count == 0 ? "" : $", fold {string.Join('.', Data.Folds.Select(fold => fold.Index + 1))}");

    private void CheckAutoencoder()
    {
        if (Fit.Solver != Solver.Adam)
            throw new MedTransferException("The convex solver trains a classifier's head: train an autoencoder with Adam.") { IsUsage = true };
        if ((Fit.EarlyStopping?.Score ?? (Fit.Keep == KeptEpoch.Best ? Fit.KeptBy : ValidationScore.Loss)) != ValidationScore.Loss)
            throw new MedTransferException("An autoencoder predicts nothing, so that its epochs have no score but the loss: stop and keep by that.") { IsUsage = true };
        if (Fit.Balance != ClassBalance.None)
            throw new MedTransferException("An autoencoder learns without labels, so that it has no classes to balance: leave the balance out.") { IsUsage = true };
        if (!TransferPlan.Scratch.Trained.All(Transfer.Trained.Contains))
            throw new MedTransferException("An autoencoder trains all of its parts: use a plan in which nothing stays.") { IsUsage = true };
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

    private string WayOf()
    {
        if (Members.Count > 0)
            return $"ensemble of {Members.Count}";
        var head = Fit.Solver == Solver.Convex ? ", converged head" : Transfer.TrainsHeadAlone && Fit.ThroughFrozenLayers ? ", through all layers" : "";
        switch (Model.Architecture)
        {
            case Architecture.PixelRegression: return "pixel regression";
            case Architecture.MajorityClass: return "majority class";
            case Architecture.MeanBrightness: return "mean brightness";
            case Architecture.Autoencoder: return Transfer.Parent is null ? "autoencoder" : "autoencoder, fine-tuned";
        }

        var origin = Transfer.Parent is null ? (Whole: "random features", Trained: "no transfer") : (Whole: "frozen", Trained: "fine-tuned");
        var layers = Classifier.FeatureLayers(Model.Architecture);
        var frozen = Transfer.FrozenLayers(Model.Architecture);
        return (frozen.Count == 0 ? origin.Trained
            : frozen.Count == layers.Count ? origin.Whole
            : frozen.SequenceEqual(layers.Take(frozen.Count)) ? $"{origin.Whole} to {LayerName(frozen[^1])}"
            : $"{origin.Whole}: {string.Join(", ", frozen.Select(LayerName))}") + head;
    }

    private static string LayerName(string layer) => layer[(Classifier.FeaturesPart.Length + 1)..];
}
