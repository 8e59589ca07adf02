namespace MedTransfer.Trials.Tuning;

/// <summary>Something that is chosen before training, and the values it may have.</summary>
/// <param name="Name">As labels name it.</param>
/// <param name="Values">Where it is searched.</param>
/// <param name="Set">Gives the spec with a value set.</param>
public sealed record Hyperparameter(string Name, SearchValues Values, Func<TrialSpec, double, TrialSpec> Set)
{
    /// <summary>Adam's step size.</summary>
    public static Hyperparameter LearningRate(SearchValues values) =>
        new("learning rate", values, (spec, value) => spec with { Fit = spec.Fit with { LearningRate = value } });

    /// <summary>AdamW's.</summary>
    public static Hyperparameter WeightDecay(SearchValues values) =>
        new("weight decay", values, (spec, value) => spec with { Fit = spec.Fit with { WeightDecay = value } });

    /// <summary>The convex solver's C.</summary>
    public static Hyperparameter InversePenalty(SearchValues values) =>
        new("inverse penalty", values, (spec, value) => spec with { Fit = spec.Fit with { InversePenalty = value } });

    /// <summary>Between the CNN's features and its head.</summary>
    public static Hyperparameter Dropout(SearchValues values) =>
        new("dropout", values, (spec, value) => spec with { Model = spec.Model with { Dropout = value } });

    /// <summary>How many of the CNN's layers stay as they came: 0 (all train) to 4 (the head alone trains).</summary>
    public static Hyperparameter FrozenDepth(params IReadOnlyList<int> depths) =>
        new("frozen depth", SearchValues.Of([.. depths]), (spec, value) => spec with { Transfer = spec.Transfer.FrozenTo((int)value) });

    internal string LabelOf(double value) => FormattableString.Invariant($"{Name} {value}");
}
