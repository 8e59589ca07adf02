using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Weights;

namespace MedTransfer.Transfer;

/// <summary>What became of a transfer of weights, or would become of it.</summary>
/// <param name="Taken">Names of the layers that were taken over, each with all that belongs to it: weight, bias, buffers.</param>
/// <param name="Left">Layers of the part that kept their initial values, all of them.</param>
public sealed record TransferOutcome(IReadOnlyList<string> Taken, IReadOnlyList<LeftLayer> Left)
{
    /// <summary>That of no transfer.</summary>
    public static TransferOutcome None { get; } = new([], []);

    /// <summary>
    /// What was done to the given arrays so that they fit, each a clause: that names have a prefix, that numbers were converted, that weights were
    /// summed over the channels of an image; none where they are taken as they are.
    /// </summary>
    public IReadOnlyList<string> Adapted { get; init; } = [];

    /// <summary>Names of given arrays that have no place in the features: a classifier, layers that the network does not have.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Number of given arrays.</summary>
    public int Given { get; init; }

    /// <summary>Number of given arrays that were taken over.</summary>
    public int TakenArrays { get; init; }

    /// <summary>
    /// What the features' arrays have before their names in a file, <c>module.backbone.</c> or nothing: one; several where as many are under each, and
    /// then none is taken; none where none is there.
    /// </summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>What network of ours the given arrays are of, where it is another than the one that would receive them; null else. Then none is taken.</summary>
    public Architecture? OtherNetwork { get; init; }

    /// <summary>What of a file is taken, and what is not: a line without a full stop.</summary>
    /// <param name="file">What to call the file.</param>
    public string Describe(string file)
    {
        if (TakenArrays == 0)
            return $"{file}: no array of {Given} taken, {WhyNothing().Reason}";
        var adapted = Adapted.Count == 0 ? "" : $" ({string.Join(", ", Adapted)})";
        var unused = Unused.Count == 0 ? "" : $"; {OneLine.FirstFew([.. Unused.Select(WithoutPrefix)])} left";
        var kept = Left.Count == 0 ? "" : $"; initial values stay in {OneLine.FirstFew([.. Left.Select(layer => $"{layer.Layer} ({layer.Reason})")])}";
        return $"{file}: {TakenArrays} of {Given} arrays taken{adapted}{unused}{kept}";
    }

    /// <summary>Why nothing of a file is taken, and what to do: two clauses of a sentence each.</summary>
    internal (string Reason, string WayOut) WhyNothing() =>
        OtherNetwork is not null ? (Reasons(), "Name a file of weights of the same network, or choose that one.")
        : Prefixes.Count > 1 ? ($"it has them more than once, under {string.Join(" and ", Prefixes.Select(OneLine.Quote))}", "Keep one of them in the file.")
        : Prefixes.Count == 1 || Left.Count == 0 ? (Reasons(), "Name a file of weights of the same network.")
        : ($"it has {OneLine.FirstFew(Unused)}{(StateDict.KindOf(Unused) is { } kind ? $", as {kind} has" : "")}; the network wants weights of {OneLine.FirstFew([.. Left.Select(layer => layer.Layer[WeightPrefix.OfFeatures.Length..])])}",
            "Name a state dict of that network under torchvision's names.");

    // the prefix is said once
    private string WithoutPrefix(string name) => Prefixes is [var prefix] && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    /// <summary>Why layers kept their initial values.</summary>
    internal string Reasons() => OtherNetwork is { } other ? $"they are the weights of a {other.Title}, another network"
        : Left.Count == 0 ? "the model has no features with weights" : OneLine.FirstFew([.. Left.Select(layer => layer.ToString())], "; ");
}

/// <summary>A layer that was not taken over.</summary>
/// <param name="Layer">Its name, <c>features.latent</c>.</param>
/// <param name="Reason">What of it does not fit, <c>weight is (64, 576), not (64, 4096)</c>: what was given, and what belongs there.</param>
public sealed record LeftLayer(string Layer, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Layer}: {Reason}";
}
