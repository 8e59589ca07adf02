using MedTransfer.Models;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Transfer;

/// <summary>What became of a transfer of weights, or would become of it.</summary>
/// <param name="Taken">Names of the layers that were taken over, each with all that belongs to it: weight, bias, buffers.</param>
/// <param name="Left">Layers of the part that kept their initial values, all of them.</param>
public sealed record TransferOutcome(IReadOnlyList<string> Taken, IReadOnlyList<LeftLayer> Left)
{
    /// <summary>That of no transfer.</summary>
    public static TransferOutcome None { get; } = new([], []);
}

/// <summary>A layer that was not taken over.</summary>
/// <param name="Layer">Its name, <c>features.latent</c>.</param>
/// <param name="Reason">What of it does not fit, <c>weight is (64, 576), not (64, 4096)</c>: what was given, and what belongs there.</param>
public sealed record LeftLayer(string Layer, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Layer}: {Reason}";
}

/// <summary>
/// Takes one part's weights over from another model, layer by layer, where names, shapes and types are the same; nothing is broadcast or
/// guessed. A layer, all that has one name but for its last component, is taken whole or not at all: a bias means nothing beside other weights.
/// </summary>
public static class FeatureTransfer
{
    /// <summary>Copies every layer of <c>features</c> that fits; what follows them (a head, a decoder) has a task of its own and stays.</summary>
    /// <param name="model">Receives the weights.</param>
    /// <param name="weights">A trained model's weights by name.</param>
    public static TransferOutcome Apply(nn.Module model, IReadOnlyDictionary<string, SafeTensor> weights)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        var own = model.state_dict();
        var outcome = Compare(WeightShape.Of(own), WeightShape.Of(weights));
        foreach (var (name, value) in own.Where(weight => outcome.Taken.Contains(LayerOf(weight.Key))))
            weights[name].CopyTo(value);
        return outcome;
    }

    /// <summary>What <see cref="Apply"/> would take, and what it would leave.</summary>
    /// <param name="own">The receiving model's weights and buffers.</param>
    /// <param name="given">Those of the trained model.</param>
    public static TransferOutcome Compare(IReadOnlyDictionary<string, WeightShape> own, IReadOnlyDictionary<string, WeightShape> given)
    {
        var surplus = Layers(given).ToDictionary(layer => layer.Key, layer => layer.Where(weight => !own.ContainsKey(weight.Key)));
        var taken = new List<string>();
        var left = new List<LeftLayer>();
        foreach (var layer in Layers(own))
        {
            var reasons = layer.Select(weight => (weight.Key, Misfit: weight.Value.Misfit(given.GetValueOrDefault(weight.Key))))
                .Concat(surplus.GetValueOrDefault(layer.Key, []).Select(weight => (weight.Key, Misfit: (string?)"has no place in this model")))
                .Where(weight => weight.Misfit is not null).Select(weight => $"{weight.Key[(layer.Key.Length + 1)..]} {weight.Misfit}").ToList();
            if (reasons.Count == 0)
                taken.Add(layer.Key);
            else
                left.Add(new(layer.Key, string.Join(", ", reasons)));
        }

        return new TransferOutcome(taken, left);
    }

    private static IEnumerable<IGrouping<string, KeyValuePair<string, WeightShape>>> Layers(IReadOnlyDictionary<string, WeightShape> weights) => weights
        .Where(weight => weight.Key.StartsWith($"{Classifier.FeaturesPart}.", StringComparison.Ordinal)).GroupBy(weight => LayerOf(weight.Key));

    private static string LayerOf(string weight) => weight.LastIndexOf('.') is var end and >= 0 ? weight[..end] : "";
}
