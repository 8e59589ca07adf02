namespace MedTransfer.Data.Resampling;

/// <summary>Two disjoint parts of a set, as places in it, ascending.</summary>
/// <param name="Train">Images to learn from; of a bootstrap, an image as often as it was drawn.</param>
/// <param name="HeldOut">Images to be scored on, each once.</param>
public sealed record Fold(IReadOnlyList<int> Train, IReadOnlyList<int> HeldOut);
