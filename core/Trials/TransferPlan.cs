using MedTransfer.Models;

namespace MedTransfer.Trials;

/// <summary>Where the initial weights come from, and which parts of the model train.</summary>
public sealed record TransferPlan
{
    /// <summary>Name of the trial whose features are taken over; null where nothing is transferred.</summary>
    public string? Parent { get; init; }

    /// <summary>The parts that train; the others keep their initial weights to the bit. Default all. An autoencoder's decoder takes the head's place.</summary>
    public IReadOnlyList<string> Trained { get; init; } = [Classifier.FeaturesPart, Classifier.HeadPart];

    /// <summary>The plan, if it trains at least one part and names none that there is not.</summary>
    /// <exception cref="MedTransferException">It does not; the message says what is wrong.</exception>
    public TransferPlan Checked()
    {
        if (Trained.Count == 0)
            throw new MedTransferException($"The plan trains nothing: name {Classifier.FeaturesPart}, {Classifier.HeadPart} or both.") { IsUsage = true };
        return Trained.FirstOrDefault(part => part is not (Classifier.FeaturesPart or Classifier.HeadPart)) is { } unknown
            ? throw new MedTransferException($"A model has no part '{unknown}' to train: name {Classifier.FeaturesPart}, {Classifier.HeadPart} or both.") { IsUsage = true }
            : this;
    }

    /// <summary>Nothing is transferred, everything trains.</summary>
    public static TransferPlan Scratch { get; } = new();

    /// <summary>Features stay as they were drawn at random; the head trains. A control.</summary>
    public static TransferPlan RandomFeatures { get; } = new() { Trained = [Classifier.HeadPart] };

    /// <summary>Features come from <paramref name="parent"/> and stay; the head trains.</summary>
    public static TransferPlan Frozen(Trial parent) => new() { Parent = parent.Name, Trained = [Classifier.HeadPart] };

    /// <summary>Features come from <paramref name="parent"/>; everything trains.</summary>
    public static TransferPlan FineTuned(Trial parent) => new() { Parent = parent.Name };
}
