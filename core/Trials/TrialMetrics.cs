using MedTransfer.Evaluation;

namespace MedTransfer.Trials;

/// <summary>What a finished trial measured; holds no times, so that the same spec gives the same bytes.</summary>
public sealed record TrialMetrics
{
    public required SplitMetrics Train { get; init; }

    public required SplitMetrics Validation { get; init; }

    public required SplitMetrics Test { get; init; }

    /// <summary>Epochs trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose weights were scored and saved, from 1.</summary>
    public required int KeptEpoch { get; init; }

    /// <summary>Number of weights in the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Number of weights that trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Names of the weights that came from the parent.</summary>
    public required IReadOnlyList<string> Transferred { get; init; }

    /// <summary>Weights of the transferred part that did not fit and kept their initial values, each with the reason.</summary>
    public required IReadOnlyList<string> NotTransferred { get; init; }
}

/// <summary>Scores of one split.</summary>
/// <param name="Loss">Mean loss.</param>
public sealed record SplitMetrics(double Loss, Scores Scores);
