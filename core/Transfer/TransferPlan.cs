using MedTransfer.Models;
using MedTransfer.Trials;

namespace MedTransfer.Transfer;

/// <summary>Where the initial weights come from, and which parts of the model train.</summary>
public sealed record TransferPlan
{
    /// <summary>Name of the trial whose features are taken over; null where nothing is transferred.</summary>
    public string? Parent { get; init; }

    /// <summary>
    /// The parts, or layers of a part (<c>features.conv3</c>), that train; the others keep their initial weights to the bit. Default all. An
    /// autoencoder's decoder takes the head's place.
    /// </summary>
    public IReadOnlyList<string> Trained { get; init; } = [Classifier.FeaturesPart, Classifier.HeadPart];

    /// <summary>Nothing is transferred, everything trains.</summary>
    public static TransferPlan Scratch { get; } = new();

    /// <summary>Features stay as they were drawn at random; the head trains. A control.</summary>
    public static TransferPlan RandomFeatures { get; } = new() { Trained = [Classifier.HeadPart] };

    /// <summary>Features come from <paramref name="parent"/> and stay; the head trains.</summary>
    public static TransferPlan Frozen(Trial parent) => new() { Parent = parent.Name, Trained = [Classifier.HeadPart] };

    /// <summary>Features come from <paramref name="parent"/>; everything trains.</summary>
    public static TransferPlan FineTuned(Trial parent) => new() { Parent = parent.Name };

    /// <summary>The CNN's features come from <paramref name="parent"/>, and the first <paramref name="depth"/> of its layers stay.</summary>
    /// <param name="depth">0 (fine-tuned) to 4 (frozen): conv1, conv2, conv3, latent.</param>
    public static TransferPlan FrozenTo(Trial parent, int depth) => FineTuned(parent).FrozenTo(depth);

    /// <summary>The same origin, but the first <paramref name="depth"/> of the CNN's layers stay and the others train.</summary>
    /// <param name="depth">0 (all train) to 4 (the head alone trains).</param>
    public TransferPlan FrozenTo(int depth)
    {
        var layers = Classifier.FeatureLayers(Architecture.ConvNet);
        if (depth < 0 || depth > layers.Count)
            throw new MedTransferException($"The frozen depth is {depth}, but must be 0 to {layers.Count}: the CNN has {string.Join(", ", layers)}.") { IsUsage = true };
        return this with { Trained = [.. depth == 0 ? [Classifier.FeaturesPart] : layers.Skip(depth), Classifier.HeadPart] };
    }

    /// <summary>Layers of the features that stay, of a model that has layers; none where all train.</summary>
    internal IReadOnlyList<string> FrozenLayers(Architecture architecture) => [.. Classifier.FeatureLayers(architecture).Where(layer => !Trains(layer))];

    /// <summary>Whether the features stay, all of them.</summary>
    internal bool TrainsHeadAlone => Trained.All(name => name == Classifier.HeadPart);

    /// <summary>Whether a weight or a layer of that name trains.</summary>
    internal bool Trains(string name) => Trained.Any(part => name == part || name.StartsWith($"{part}.", StringComparison.Ordinal));

    /// <summary>Why the plan can't be carried out, and a way out; null where it can: a transfer takes something over, and no layer stays that took nothing.</summary>
    /// <param name="transfer">What is taken over from the parent.</param>
    public string? Obstacle(TransferOutcome transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        if (Parent is null)
            return null;
        if (transfer.Taken.Count == 0)
            return $"nothing can be taken over from the parent ({(transfer.Left.Count == 0 ? "the model has no features with weights" : string.Join("; ", transfer.Left))}). "
                + "Transfer between models of the same features, a CNN or an autoencoder.";
        var random = transfer.Left.Where(layer => !Trains(layer.Layer)).ToList();
        return random.Count == 0 ? null
            : $"{string.Join(", ", random.Select(layer => layer.Layer))} would stay frozen with random weights, as the parent's do not fit ({string.Join("; ", random)}). "
                + "Take a source whose images have as many pixels and channels, or fine-tune instead.";
    }

    /// <summary>The plan, if it trains at least one part and names none that such a model does not have.</summary>
    /// <exception cref="MedTransferException">It does not; the message says what is wrong.</exception>
    public TransferPlan Checked(Architecture architecture)
    {
        string[] parts = [Classifier.FeaturesPart, Classifier.HeadPart, .. Classifier.FeatureLayers(architecture)];
        if (Trained.Count == 0)
            throw new MedTransferException($"The plan trains nothing: name some of {string.Join(", ", parts)}.") { IsUsage = true };
        return Trained.FirstOrDefault(part => !parts.Contains(part)) is { } unknown
            ? throw new MedTransferException($"The model has no part '{unknown}' to train: name some of {string.Join(", ", parts)}.") { IsUsage = true }
            : this;
    }
}
