namespace MedTransfer.Reduction;

/// <summary>How far a fit is.</summary>
/// <param name="Iteration">Iterations done, 1 to <paramref name="Of"/>.</param>
/// <param name="KlDivergence">Nats; the objective without exaggeration. Null where the reducer has no such objective.</param>
public readonly record struct ReductionProgress(int Iteration, int Of, double? KlDivergence);
