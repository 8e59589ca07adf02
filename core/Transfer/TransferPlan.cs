using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Models;

namespace MedTransfer.Transfer;

/// <summary>Where the initial weights come from, which of them train when and how fast, and what holds them.</summary>
public sealed record TransferPlan
{
    /// <summary>What <see cref="Discriminative"/> divides a rate by from stage to stage: 2.6, as Howard and Ruder do.</summary>
    public const double UsualDecay = 2.6;

    /// <summary>Where the features are taken from; null where nothing is transferred.</summary>
    public Origin? Origin { get; init; }

    /// <summary>At least one, the first first; the best epoch is looked for in the last.</summary>
    public IReadOnlyList<Phase> Phases { get; init; } = [new()];

    /// <summary>What is added to the loss to hold the weights; null, the default, for nothing.</summary>
    public Regulariser? Regulariser { get; init; }

    /// <summary>
    /// Whether batch norms that were transferred keep the means and variances of the source, and normalise by them, although their weights
    /// train: batches of few images have poor ones. Default no: where they train, they learn those of the target.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepsStatistics { get; init; }

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

    /// <summary>
    /// The head is brought to its optimum on features that stay, then everything trains from there (Kumar et al. 2022), so that a random head
    /// does not spoil features; the step size of everything should be small.
    /// </summary>
    public static TransferPlan HeadConverged { get; } = new() { Phases = [new() { Trained = [Classifier.HeadPart], ToConvergence = true }, new()] };

    /// <summary>
    /// The head trains first, then from the last stage on one more at a time, until everything does (Howard and Ruder 2018), each for the same
    /// number of epochs and what is left for the last; of fewer epochs several stages at a time.
    /// </summary>
    /// <param name="epochs">Of the whole training, at least 2.</param>
    public static TransferPlan Gradual(ModelOptions model, int epochs)
    {
        ArgumentNullException.ThrowIfNull(model);
        var stages = model.Stages;
        var phases = Math.Min(epochs, stages.Count + 1);
        if (phases < 2)
            throw new MedTransferException($"A gradual plan lets the {model.Architecture.Title} train stage by stage, and has {epochs} epochs for {stages.Count} stages: give it 2 epochs at least, and a network that has stages.") { IsUsage = true };
        return new() { Phases = [.. Enumerable.Range(0, phases).Select(PhaseOf)] };

        Phase PhaseOf(int index) => index == phases - 1 ? new() : new()
        {
            Trained = [.. stages.TakeLast(stages.Count * index / (phases - 1)).SelectMany(Phase.PartsOf), Classifier.HeadPart],
            Epochs = epochs / phases,
        };
    }

    /// <summary>Everything trains, each stage slower by a factor than what comes behind it, the head at the whole rate (Howard and Ruder 2018).</summary>
    /// <param name="decay">What the step size is divided by from a stage to the one before it, above 0; default theirs.</param>
    public static TransferPlan Discriminative(ModelOptions model, double decay = UsualDecay)
    {
        ArgumentNullException.ThrowIfNull(model);
        var rates = new Dictionary<string, double>();
        var rate = 1.0;
        foreach (var stage in model.Stages.Reverse())
        {
            rate /= decay;
            foreach (var part in Phase.PartsOf(stage))
                rates[part] = rate;
        }

        return new() { Phases = [new() { RateFactors = rates }] };
    }

    /// <summary>The same, but that batch norms keep the source's statistics; where nothing of what was transferred trains, they do so already.</summary>
    public TransferPlan KeepingStatistics() => Origin is null || TrainsHeadAlone ? this : this with { KeepsStatistics = true };

    /// <summary>The same plan, but that in its last phase all layers up to one stay, and the others train.</summary>
    /// <param name="layer">The last that stays, or the stage whose last it is: <c>layer3.1</c>, <c>layer3</c>, also as <c>features.layer3</c>.</param>
    public TransferPlan FrozenTo(string layer, ModelOptions model)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(model);
        var prefix = $"{Classifier.FeaturesPart}.";
        var name = layer.StartsWith(prefix, StringComparison.Ordinal) ? layer[prefix.Length..] : layer;
        var depth = 0;
        foreach (var stage in model.Stages)
        {
            var place = stage.Layers.ToList().IndexOf(name) + 1;
            if (place > 0 || stage.Name == name)
                return FrozenTo(depth + (place > 0 ? place : stage.Layers.Count), model);
            depth += stage.Layers.Count;
        }

        string[] names = [.. model.Stages.Select(stage => stage.Name), .. model.Stages.SelectMany(stage => stage.Layers)];
        throw new MedTransferException(
            $"The {model.Architecture.Title} has no layer '{layer}' to freeze up to: name {(names.Length == 0 ? "a network that has layers" : $"one of {string.Join(", ", names.Distinct())}")}.")
        { IsUsage = true };
    }

    /// <summary>The same plan, but that in its last phase the first <paramref name="depth"/> of the layers stay and the others train.</summary>
    /// <param name="depth">0 (all train) to the number of layers (the head alone trains).</param>
    public TransferPlan FrozenTo(int depth, ModelOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var layers = model.FeatureLayerNames;
        if (depth < 0 || depth > layers.Count)
            throw new MedTransferException($"The frozen depth is {depth}, but must be 0 to {layers.Count}: the {model.Architecture.Title} has {string.Join(", ", layers)}.") { IsUsage = true };
        return this with { Phases = [.. Phases.SkipLast(1), Phases[^1].Training([.. depth == 0 ? [Classifier.FeaturesPart] : layers.Skip(depth), Classifier.HeadPart])] };
    }

    /// <summary>The same plan of a model in which another part has the head's place.</summary>
    internal TransferPlan WithHeadAs(string part)
    {
        return this with
        {
            Phases =
            [
                .. Phases.Select(phase => phase with
                {
                    Trained = [.. phase.Trained.Select(Placed)],
                    RateFactors = phase.RateFactors.ToDictionary(factor => Placed(factor.Key), factor => factor.Value),
                }),
            ],
        };

        string Placed(string name) => name == Classifier.HeadPart ? part : name;
    }

    /// <summary>Whether both parts train in every phase.</summary>
    internal bool TrainsAll => Scratch.Phases[0].Trained.All(part => Phases.All(phase => phase.Trained.Contains(part)));

    /// <summary>Name of the trial that has to be done first; null where there is none.</summary>
    [JsonIgnore]
    public string? Parent => (Origin as TrialOrigin)?.Trial;

    /// <summary>Layers of the features that stay, in every phase; none where all train, or the model has none.</summary>
    internal IReadOnlyList<string> FrozenLayers(ModelOptions model) => [.. model.FeatureLayerNames.Where(layer => !Trains(layer))];

    /// <summary>Whether the features stay, all of them.</summary>
    [JsonIgnore]
    public bool TrainsHeadAlone => Phases.All(phase => phase.Trained.All(name => name == Classifier.HeadPart));

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
            Phases[i].Checked(model, isFirst: i == 0, isLast: i == Phases.Count - 1);
        Regulariser?.Checked(this);
        if (KeepsStatistics && Origin is null)
            throw new MedTransferException("Statistics that are kept are those of a source: give the plan an origin.") { IsUsage = true };
        if (KeepsStatistics && !model.Architecture.HasBatchNorm)
            throw new MedTransferException($"The {model.Architecture.Title} has no batch norm whose statistics could be kept: leave that out (--keep-statistics), or take a network that has.") { IsUsage = true };
        return this;
    }
}
