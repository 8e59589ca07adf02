using MedTransfer.Data;

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
