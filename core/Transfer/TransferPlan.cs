using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Models;

namespace MedTransfer.Transfer;

/// <summary>Where the initial weights come from, which of them train when and how fast, and what holds them.</summary>
public sealed record TransferPlan
{
    /// <summary>Where the features are taken from; null where nothing is transferred.</summary>
    public Origin? Origin { get; init; }

    /// <summary>At least one, the first first; the best epoch is looked for in the last.</summary>
    public IReadOnlyList<Phase> Phases { get; init; } = [new()];

    /// <summary>What is added to the loss to hold the weights; null, the default, for nothing.</summary>
    public Regulariser? Regulariser { get; init; }

    /// <summary>Nothing is transferred, everything trains.</summary>
    public static TransferPlan Scratch { get; } = new();

    /// <summary>Features stay as they were drawn at random; the head trains. A control.</summary>
    public static TransferPlan RandomFeatures { get; } = Training(Classifier.HeadPart);

    /// <summary>Nothing is transferred, these parts or layers train.</summary>
    public static TransferPlan Training(params IReadOnlyList<string> parts) => new() { Phases = [new() { Trained = parts }] };

    /// <summary>Features come from <paramref name="origin"/> and stay; the head trains.</summary>
    public static TransferPlan Frozen(Origin origin) => RandomFeatures with { Origin = origin };

    /// <summary>Features come from <paramref name="origin"/>; everything trains.</summary>
    public static TransferPlan FineTuned(Origin origin) => Scratch with { Origin = origin };

    /// <summary>Features come from <paramref name="origin"/>; the head trains first, alone, so that a random one does not spoil them, then everything.</summary>
    /// <param name="epochs">Of the head alone, at least 1.</param>
    /// <param name="featuresRate">Of the learning rate, what the features get when everything trains, above 0.</param>
    public static TransferPlan HeadFirst(Origin origin, int epochs, double featuresRate = 1) => new()
    {
        Origin = origin,
        Phases =
        [
            new() { Trained = [Classifier.HeadPart], Epochs = epochs },
            featuresRate == 1 ? new() : new() { RateFactors = new Dictionary<string, double> { [Classifier.FeaturesPart] = featuresRate } },
        ],
    };

    /// <summary>The same plan, but that in its last phase the first <paramref name="depth"/> of the layers stay and the others train.</summary>
    /// <param name="depth">0 (all train) to the number of layers (the head alone trains).</param>
    public TransferPlan FrozenTo(int depth, ModelOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var layers = model.FeatureLayerNames;
        if (depth < 0 || depth > layers.Count)
            throw new MedTransferException($"The frozen depth is {depth}, but must be 0 to {layers.Count}: the {model.Architecture.Title} has {string.Join(", ", layers)}.") { IsUsage = true };
        return this with { Phases = [.. Phases.SkipLast(1), Phases[^1] with { Trained = [.. depth == 0 ? [Classifier.FeaturesPart] : layers.Skip(depth), Classifier.HeadPart] }] };
    }

    /// <summary>Name of the trial that has to be done first; null where there is none.</summary>
    [JsonIgnore]
    public string? Parent => (Origin as TrialOrigin)?.Trial;

    /// <summary>Layers of the features that stay, in every phase; none where all train, or the model has none.</summary>
    internal IReadOnlyList<string> FrozenLayers(ModelOptions model) => [.. model.FeatureLayerNames.Where(layer => !Trains(layer))];

    /// <summary>Whether the features stay, all of them.</summary>
    internal bool TrainsHeadAlone => Phases.All(phase => phase.Trained.All(name => name == Classifier.HeadPart));

    /// <summary>Whether a weight or a layer of that name trains in some phase.</summary>
    internal bool Trains(string name) => Phases.Any(phase => phase.Trains(name));

    /// <summary>Why the plan can't be carried out, and a way out; null where it can: a transfer takes something over, and no layer stays that took nothing.</summary>
    /// <param name="transfer">What is taken over from the origin.</param>
    public string? Obstacle(TransferOutcome transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        if (Origin is null)
            return null;
        var file = Origin as WeightsOrigin;
        var giver = file?.Path ?? (Origin as PublishedOrigin)?.Name ?? "the parent";
        if (transfer.Taken.Count == 0)
        {
            var (reason, wayOut) = Origin switch
            {
                WeightsOrigin => transfer.WhyNothing(),
                PublishedOrigin published => (transfer.Reasons(), $"Take the model that they are weights of, a {published.Find().Model.Architecture.Title}."),
                _ => (transfer.Reasons(), "Transfer between models of the same features, a CNN or an autoencoder."),
            };
            return $"nothing can be taken over from {giver} ({reason}). {wayOut}";
        }

        var random = transfer.Left.Where(layer => !Trains(layer.Layer)).ToList();
        return random.Count == 0 ? null
            : $"{OneLine.FirstFew([.. random.Select(layer => layer.Layer)])} would stay frozen with random weights, as those of {giver} do not fit "
                + $"({OneLine.FirstFew([.. random.Select(layer => layer.ToString())], "; ")}). "
                + $"Take {Origin switch { WeightsOrigin => "a file of the same network", PublishedOrigin => "the model that they are weights of", _ => "a source whose images have as many pixels" }}, or fine-tune instead.";
    }

    /// <summary>The plan, if every phase trains something that such a model has.</summary>
    /// <exception cref="MedTransferException">It does not; the message says what is wrong.</exception>
    public TransferPlan Checked(ModelOptions model)
    {
        if (Phases.Count == 0 || Phases.Contains(null!))
            throw new MedTransferException("The plan has no phase, or an empty one: give it one at least.") { IsUsage = true };
        if (Parent is { } parent && (parent.Length == 0 || parent != Path.GetFileName(parent)))
            throw new MedTransferException($"'{parent}' is no name of a trial to take weights from: name a folder of the runs.") { IsUsage = true };
        for (var i = 0; i < Phases.Count; i++)
            Phases[i].Checked(model, isLast: i == Phases.Count - 1);
        Regulariser?.Checked(this);
        return this;
    }
}
