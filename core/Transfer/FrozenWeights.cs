using System.Security.Cryptography;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using static TorchSharp.torch;

namespace MedTransfer.Transfer;

/// <summary>Holds the parts that are not to train, and checks afterwards that not one bit of them moved, their buffers (running means) included.</summary>
internal sealed class FrozenWeights
{
    private readonly List<(string Name, Tensor Value, byte[] Before)> frozen = [];

    /// <summary>Lets only what the phase names train.</summary>
    /// <param name="keptStatistics">Names of layers whose buffers are held even where their weights train; default none.</param>
    public FrozenWeights(nn.Module model, Phase phase, IReadOnlyList<string>? keptStatistics = null)
    {
        foreach (var (name, value) in model.named_parameters())
        {
            value.requires_grad = phase.Trains(name);
            if (!value.requires_grad)
                Hold(name, value);
        }

        foreach (var (name, value) in model.named_buffers())
        {
            if (!phase.Trains(name) || keptStatistics?.Contains(name[..Math.Max(0, name.LastIndexOf('.'))]) == true)
                Hold(name, value);
        }
    }

    /// <summary>Names of what is held.</summary>
    public IReadOnlySet<string> Names => frozen.Select(weight => weight.Name).ToHashSet();

    /// <summary>Fails where a frozen weight or buffer changed.</summary>
    public void AssertUnchanged()
    {
        foreach (var (name, value, before) in frozen)
        {
            if (!Digest(value).AsSpan().SequenceEqual(before))
                throw new InvalidOperationException($"The frozen weight {name} changed during training.");
        }
    }

    private void Hold(string name, Tensor value) => frozen.Add((name, value, Digest(value)));

    private static byte[] Digest(Tensor value)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        value.AppendTo(hash);
        return hash.GetHashAndReset();
    }
}

/// <summary>How much of a model is passed before anything that trains.</summary>
internal static class FrozenLayers
{
    /// <summary>How many of the features' first layers stay in that phase; 0 of a model that learns no features.</summary>
    public static int FrozenDepth(this Classifier model, Phase phase) =>
        model.Layers.Names.TakeWhile(layer => !phase.Trains($"{Classifier.FeaturesPart}.{layer}")).Count();

    /// <summary>The same over all phases of a plan.</summary>
    public static int FrozenDepth(this Classifier model, TransferPlan plan) => plan.Phases.Min(model.FrozenDepth);
}
