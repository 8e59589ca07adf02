using MedTransfer.Numerics;

namespace MedTransfer.Trials.Tuning;

/// <summary>Hyperparameters that are searched together.</summary>
public sealed record SearchSpace(params IReadOnlyList<Hyperparameter> Hyperparameters)
{
    /// <summary>Every combination of the values, the last hyperparameter changing fastest.</summary>
    public IReadOnlyList<Candidate> Grid() =>
    [
        .. Hyperparameters.Aggregate<Hyperparameter, IEnumerable<double[]>>(
            [[]], (chosen, next) => chosen.SelectMany(values => next.Values.Grid.Select(value => (double[])[.. values, value]))).Select(CandidateOf),
    ];

    /// <summary>Each hyperparameter drawn by itself, <paramref name="n"/> times; of candidates drawn twice, the first (Bergstra and Bengio 2012).</summary>
    /// <param name="n">At least 1.</param>
    /// <param name="seed">The first of n draws are those of fewer draws with the same seed.</param>
    public IReadOnlyList<Candidate> Draws(int n, long seed)
    {
        if (n < 1)
            throw new MedTransferException($"The number of draws is {n}, but must be at least 1.") { IsUsage = true };
        var random = new SplitMix64(unchecked((ulong)seed));
        return [.. Enumerable.Range(0, n).Select(_ => Hyperparameters.Select(own => own.Values.At(random.Fraction())).ToArray()).Select(CandidateOf).DistinctBy(candidate => candidate.Label)];
    }

    private Candidate CandidateOf(double[] values) => new(
        string.Join(", ", Hyperparameters.Zip(values, (own, value) => own.LabelOf(value))),
        spec => Hyperparameters.Zip(values).Aggregate(spec, (changed, choice) => choice.First.Set(changed, choice.Second)));
}

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

    /// <summary>The C of logistic regression, which no training then chooses for itself.</summary>
    public static Hyperparameter InversePenalty(SearchValues values) =>
        new("inverse penalty", values, (spec, value) => spec with { Fit = spec.Fit with { InversePenalty = value, PenaltyChoice = null } });

    /// <summary>Between the CNN's features and its head.</summary>
    public static Hyperparameter Dropout(SearchValues values) =>
        new("dropout", values, (spec, value) => spec with { Model = spec.Model with { Dropout = value } });

    /// <summary>How many of the CNN's layers stay as they came: 0 (all train) to 4 (the head alone trains).</summary>
    public static Hyperparameter FrozenDepth(params IReadOnlyList<int> depths) =>
        new("frozen depth", SearchValues.Of([.. depths]), (spec, value) => spec with { Transfer = spec.Transfer.FrozenTo((int)value, spec.Model) });

    internal string LabelOf(double value) => FormattableString.Invariant($"{Name} {value}");
}
