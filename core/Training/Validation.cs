using MedTransfer.Evaluation;

namespace MedTransfer.Training;

/// <summary>What the validation images say of a model after an epoch.</summary>
/// <param name="Loss">Mean loss over the images.</param>
/// <param name="Scores">Scores of the predictions; null where nothing is predicted.</param>
public sealed record Validation(double Loss, Scores? Scores);
