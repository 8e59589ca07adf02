using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Evaluation.Classification;
using MedTransfer.Evaluation.Images;
using MedTransfer.Training;

namespace MedTransfer.Trials.Artefacts;

/// <summary>What a finished trial measured; holds no times, so that the same spec gives the same bytes.</summary>
public sealed record TrialMetrics
{
    public required SplitMetrics Train { get; init; }

    /// <summary>Null where there are no validation images.</summary>
    public required SplitMetrics? Validation { get; init; }

    /// <summary>Null of a model that is to be used, which learned from all images but those of the test split.</summary>
    public required SplitMetrics? Test { get; init; }

    /// <summary>What the labels asked for; null where the trial learned without them.</summary>
    public required LabelTask? Task { get; init; }

    /// <summary>Epochs trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose weights were scored and saved, from 1.</summary>
    public required int KeptEpoch { get; init; }

    /// <summary>Number of weights in the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Number of weights that trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Names of the layers that came from the parent, each whole.</summary>
    public required IReadOnlyList<string> Transferred { get; init; }

    /// <summary>SHA-256 of the file of weights, by which a trial that takes them over knows them again.</summary>
    public required string WeightsDigest { get; init; }

    /// <summary>Layers of the transferred part that did not fit and kept their initial values, each with the reason.</summary>
    public required IReadOnlyList<string> NotTransferred { get; init; }

    /// <summary>What was done to the transferred arrays so that they fit, each a clause; null where they were taken as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Adapted { get; init; }

    /// <summary>The penalty of a logistic regression that chose it, alone or before everything trained; null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChosenPenalty? ChosenPenalty { get; init; }

    /// <summary>Of how many source images of equal weight the weighted ones are worth (Kish's effective sample size); null where none were weighted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EffectiveSource { get; init; }

    /// <summary>Of weights that were averaged, the members in the mean, the best on validation first; null where none were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Averaged { get; init; }

    /// <summary>
    /// True of embeddings that were learnt from two views and have collapsed, or have hardly begun to spread, as those of the training images tell at the end: an effective rank below 1.5 or a
    /// deviation below .01. Null of others.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Collapsed { get; init; }

    /// <summary>The metrics of that split; null where it has no images.</summary>
    public SplitMetrics? this[SplitName split] => split switch
    {
        SplitName.Train => Train,
        SplitName.Validation => Validation,
        _ => Test,
    };

    /// <summary>What the objective reports of a split.</summary>
    /// <exception cref="InvalidOperationException">It has no images.</exception>
    public Scores Scores(SplitName split) => Of(split).Scores;

    /// <summary>How near an autoencoder's reconstructions come to the images.</summary>
    /// <exception cref="InvalidOperationException">The trial draws no images.</exception>
    public ImageFidelity Fidelity(SplitName split) =>
        Of(split).Fidelity ?? throw new InvalidOperationException("The trial draws no images: it has no fidelity.");

    private SplitMetrics Of(SplitName split) => this[split] ?? throw new InvalidOperationException($"There are no images of {split.Text()}: nothing was measured on them.");
}

/// <summary>What one split measured.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Scores">What the objective reports, by name.</param>
public sealed record SplitMetrics(double Loss, Scores Scores)
{
    /// <summary>Of an autoencoder's reconstructions, pixels in [0, 1]; null where nothing is drawn.</summary>
    [JsonIgnore]
    public ImageFidelity? Fidelity => ImageFidelity.OfValues(Scores.Images, Scores.Values);
}
