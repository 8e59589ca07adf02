using MedTransfer.Data.Resampling;

namespace MedTransfer.Trials;

/// <summary>One of the folds that a training split is cut into.</summary>
/// <param name="Resampling">How it is cut.</param>
/// <param name="Index">Which fold, from 0.</param>
public sealed record FoldReference(ResamplingOptions Resampling, int Index);
