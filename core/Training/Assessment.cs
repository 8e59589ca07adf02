using MedTransfer.Evaluation;

namespace MedTransfer.Training;

/// <summary>What a model's predictions of a split are worth.</summary>
/// <param name="Loss">Mean loss over the images.</param>
/// <param name="Probabilities">(N, K), a row an image in file order.</param>
/// <param name="Scores">Scores of those probabilities.</param>
public sealed record Assessment(double Loss, float[,] Probabilities, Scores Scores);
