using MedTransfer.Data;
using MedTransfer.Models.Weights;

namespace MedTransfer.Transfer;

/// <summary>Which given arrays take the place of which of a model's features, found from names, types and shapes alone.</summary>
internal sealed class WeightMatch
{
    /// <summary>PyTorch's name of a BatchNorm's counter, which is asked for nothing but averages over all batches, and ours are not such.</summary>
    private const string Counter = "num_batches_tracked";

    private readonly IReadOnlyDictionary<string, WeightShape> own, given;
    private readonly ILookup<string, string> givenLayers;
    private readonly IReadOnlyList<string> prefixes;

    /// <param name="own">The receiving model's weights and buffers.</param>
    /// <param name="given">Those of the other model.</param>
    public WeightMatch(IReadOnlyDictionary<string, WeightShape> own, IReadOnlyDictionary<string, WeightShape> given)
    {
        this.own = own.Where(weight => weight.Key.StartsWith(WeightPrefix.OfFeatures, StringComparison.Ordinal)).ToDictionary();
        this.given = given;
        givenLayers = given.Keys.Where(name => !IsCounter(name)).ToLookup(LayerOf);
        // layers of one that have the names and shapes of another's mean something else there
        var other = StateDict.ArchitectureOf(own)?.Architecture is { } network && StateDict.ArchitectureOf(given)?.Architecture is { } origin && origin != network ? origin : null;
        prefixes = other is not null ? [] : WeightPrefix.Of([.. this.own.Keys.Select(Bare)], given.Keys);
        var copies = new List<Copy>();
        var taken = new List<string>();
        var left = new List<LeftLayer>();
        foreach (var layer in this.own.Keys.GroupBy(LayerOf))
        {
            var isFirst = taken.Count + left.Count == 0;
            var reasons = layer.Select(name => (Name: name, Misfit: Misfit(name, isFirst))).Where(weight => weight.Misfit is not null)
                .Concat(Surplus(layer).Select(name => (Name: name, Misfit: (string?)"has no place in this model")))
                .Select(weight => $"{weight.Name[(weight.Name.LastIndexOf('.') + 1)..]} {weight.Misfit}").ToList();
            if (reasons.Count > 0)
            {
                left.Add(new(layer.Key, string.Join(", ", reasons)));
                continue;
            }

            taken.Add(layer.Key);
            copies.AddRange(layer.Where(HasValues).Select(name => new Copy(name, GivenName(name)!, isFirst && this.own[name].SeesOtherChannels(GivenOf(name)))));
        }

        var places = this.own.Keys.Select(GivenName).ToHashSet();
        Copies = copies;
        Outcome = new(taken, left)
        {
            Adapted = copies.Count == 0 ? [] : [.. Adaptations()],
            Unused = [.. given.Keys.Where(name => !places.Contains(name))],
            Given = given.Count,
            TakenArrays = copies.Count,
            Prefixes = prefixes,
            OtherNetwork = other,
        };
    }

    /// <summary>What takes the place of what.</summary>
    public IReadOnlyList<Copy> Copies { get; }

    /// <summary>What is taken, and what is left.</summary>
    public TransferOutcome Outcome { get; }

    // of several networks in a file none is meant
    private string? GivenName(string name) => prefixes is [var prefix] ? prefix + Bare(name) : null;

    private WeightShape? GivenOf(string name) => GivenName(name) is { } key ? given.GetValueOrDefault(key) : null;

    private string? Misfit(string name, bool isFirst) =>
        IsCounter(name) || isFirst && own[name].SeesOtherChannels(GivenOf(name)) ? null : own[name].Misfit(GivenOf(name));

    // a counter of another type than whole numbers was converted with the weights
    private bool HasValues(string name) => !IsCounter(name) || GivenOf(name) is { Shape: [], Type: not (SafeTensorType.U16 or SafeTensorType.U32 or SafeTensorType.U64) };

    // what else the file has of a layer
    private IEnumerable<string> Surplus(IGrouping<string, string> layer) =>
        GivenName(layer.Key) is { } name ? givenLayers[name].Except(layer.Select(weight => GivenName(weight)!)) : [];

    private IEnumerable<string> Adaptations()
    {
        if (prefixes[0] is not ("" or WeightPrefix.OfFeatures))
            yield return $"prefix {OneLine.Quote(prefixes[0])}";
        foreach (var type in Copies.Where(copy => !IsCounter(copy.Own)).Select(copy => given[copy.Given].Type).Where(type => type != SafeTensorType.F32).Distinct())
            yield return $"{type} converted to {SafeTensorType.F32}";
        foreach (var copy in Copies.Where(copy => copy.IsOfOtherChannels))
        {
            yield return own[copy.Own].Shape[1] == 1
                ? $"{copy.Own} summed over {given[copy.Given].Shape[1]} channels"
                : $"{copy.Own} repeated for {own[copy.Own].Shape[1]} channels and divided by their number";
        }
    }

    private static string Bare(string name) => name[WeightPrefix.OfFeatures.Length..];

    private static string LayerOf(string weight) => weight.LastIndexOf('.') is var end and >= 0 ? weight[..end] : "";

    private static bool IsCounter(string name) => name.EndsWith($".{Counter}", StringComparison.Ordinal);

    /// <param name="Own">The model's name.</param>
    /// <param name="Given">The file's.</param>
    /// <param name="IsOfOtherChannels">Whether one sees grey and the other colour.</param>
    internal sealed record Copy(string Own, string Given, bool IsOfOtherChannels);
}
