using MedTransfer.Models;

namespace MedTransfer.Transfer;

/// <summary>A plan as the field and a command line call it: what it is of a network follows once that, its origin and the epochs are known.</summary>
public sealed record NamedPlan
{
    private const string LayerWord = "LAYER";

    private readonly Func<NamedPlan, ModelOptions, int, TransferPlan> plan;

    private NamedPlan(string name, string description, Func<NamedPlan, ModelOptions, int, TransferPlan> plan) =>
        (Name, Description, this.plan) = (name, description, plan);

    /// <summary>Every plan that can be named, that of <c>frozen-to</c> without its layer.</summary>
    public static IReadOnlyList<NamedPlan> All { get; } =
    [
        new("frozen", "transferred layers keep their weights, and only the last layer (the head) learns, of a backbone to its optimum", (_, _, _) => TransferPlan.RandomFeatures),
        new("frozen-to", $"transferred layers up to {LayerWord}, a layer or a stage of them, keep their weights; the others and the head learn",
            (own, model, _) => TransferPlan.Scratch.FrozenTo(own.Layer!, model)) { TakesLayer = true },
        new("last-stage", "the last stage of transferred layers and the head learn; the others keep their weights",
            (_, model, _) => TransferPlan.Scratch.FrozenTo(model.Stages[^2].Name, model)),
        new("fine-tuned", "transferred weights are where the training of all layers begins", (_, _, _) => TransferPlan.Scratch),
        new("lp-ft", "linear probing, then fine-tuning: the head to its optimum on features that stay, then all layers (Kumar et al. 2022)",
            (_, _, _) => TransferPlan.HeadConverged),
        new("gradual", "the head first, then from the last stage of layers on one more at a time, until all learn (Howard and Ruder 2018)",
            (_, model, epochs) => TransferPlan.Gradual(model, epochs)),
        new("discriminative", FormattableString.Invariant($"all layers learn, each stage {TransferPlan.UsualDecay} times slower than the one behind it, the head at the whole rate (Howard and Ruder 2018)"),
            (_, model, _) => TransferPlan.Discriminative(model)),
        new("l2-sp", "fine-tuned, with a penalty on how far transferred weights move (Li et al. 2018)",
            (_, _, _) => TransferPlan.Scratch with { Regulariser = new L2StartingPoint() }),
    ];

    /// <summary>How they are typed, with commas between them.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(plan => plan.Usage));

    /// <summary>Without a layer: <c>frozen-to</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, a clause without a full stop.</summary>
    public string Description { get; }

    /// <summary>The last layer, or stage, that stays: <c>layer3</c>; null where none is named.</summary>
    public string? Layer { get; private init; }

    /// <summary>How it is typed: <c>frozen-to:LAYER</c>.</summary>
    public string Usage => TakesLayer ? $"{Name}:{Layer ?? LayerWord}" : Name;

    /// <summary>What tables call it: <c>frozen to layer3</c>, <c>L2-SP</c>.</summary>
    public string Title => Name switch
    {
        "frozen-to" => $"frozen to {Layer ?? LayerWord}",
        "last-stage" => "last stage",
        "l2-sp" => new L2StartingPoint().Title,
        _ => Name,
    };

    private bool TakesLayer { get; init; }

    /// <summary>Reads a name, of <c>frozen-to</c> with its layer behind a colon or a space.</summary>
    /// <exception cref="MedTransferException">There is no such plan; the message lists those there are.</exception>
    public static NamedPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Trim().Split([':', ' '], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var plan = All.FirstOrDefault(plan => words.Length > 0 && plan.Name.Equals(words[0], StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong($"There is no plan '{text.Trim()}': name some of {Names}.");
        return (plan.TakesLayer, words.Length) switch
        {
            (true, 1) => throw Wrong($"The plan {plan.Name} needs a layer, the last that stays: name it as in {plan.Name}:layer3."),
            (false, 2) => throw Wrong($"The plan {plan.Name} takes no layer: leave '{words[1]}' out."),
            _ => plan with { Layer = words.ElementAtOrDefault(1) },
        };
    }

    /// <summary>Reads names with commas between them, each plan once.</summary>
    /// <exception cref="MedTransferException">There is no such plan; the message lists those there are.</exception>
    public static IReadOnlyList<NamedPlan> ParseAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(',').Select(Parse).Distinct()];
    }

    /// <summary>What it is of a network.</summary>
    /// <param name="origin">Where the features are taken from; null where nothing is transferred.</param>
    /// <param name="epochs">Of the whole training, which a plan in phases shares out.</param>
    /// <exception cref="MedTransferException">The network has no such layer, or there are too few epochs.</exception>
    public TransferPlan On(Origin? origin, ModelOptions model, int epochs) => plan(this, model, epochs) with { Origin = origin };

    /// <summary>What tables call a plan that trains all layers, but not all of them all the time or at one rate; null where it has no name.</summary>
    internal static string? TitleOf(TransferPlan plan, ModelOptions model)
    {
        var phases = plan.Phases;
        // a gradual plan of two phases is one of the head first, then everything
        return All.FirstOrDefault(named => (named.Name is "lp-ft" or "discriminative" || (named.Name == "gradual" && phases.Count > 2)) && IsThat(named))?.Title;

        bool IsThat(NamedPlan named)
        {
            var other = named.On(plan.Origin, model, phases.Count).Phases;
            return other.Count == phases.Count && other.Zip(phases).All(pair => pair.First.TrainsAs(pair.Second));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Usage;

    private static MedTransferException Wrong(string message) => new(message) { IsUsage = true };
}
