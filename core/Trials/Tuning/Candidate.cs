namespace MedTransfer.Trials.Tuning;

/// <summary>One choice of hyperparameters: a named change of a spec.</summary>
/// <param name="Label">Names it in tables, <c>learning rate 0.001, frozen depth 2</c>.</param>
/// <param name="Apply">Gives the spec with the choice made; changes nothing else.</param>
public sealed record Candidate(string Label, Func<TrialSpec, TrialSpec> Apply);
