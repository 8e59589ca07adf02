namespace MedTransfer.Trials;

/// <summary>What a trained model is worth on each split, and what it said of the images.</summary>
internal sealed record TrialFindings(SplitMetrics Train, SplitMetrics Validation, SplitMetrics Test, TrialPredictions Predictions);
