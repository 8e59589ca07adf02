using MathNet.Numerics.Distributions;

namespace MedTransfer.Evaluation.Verdicts;

/// <summary>
/// Which of two times is the later one, pair by pair, and whether chance explains it: the exact two-sided sign test (Conover 1999, 3.4). It
/// needs no size of a difference, and so takes a time that is only known to be longer than the other. Below six pairs that differ, no
/// outcome is beyond chance.
/// </summary>
/// <param name="FirstLater">Pairs whose first time is the later one.</param>
/// <param name="SecondLater">Pairs whose second time is the later one.</param>
/// <param name="Untold">Pairs that are equal, or whose order censoring hides: they have no part in the test.</param>
public sealed record SignTest(int FirstLater, int SecondLater, int Untold)
{
    private const double Level = 0.05;

    /// <summary>Of "either is as often the later one", twice the binomial tail, 1 at most; null where no pair differs.</summary>
    public double? PValue
    {
        get
        {
            var pairs = FirstLater + SecondLater;
            return pairs == 0 ? null : Math.Min(1, 2 * Binomial.CDF(0.5, pairs, Math.Min(FirstLater, SecondLater)));
        }
    }

    /// <summary>Above where the first is the later one, p below .05; untested where a single pair differs, or none.</summary>
    public Verdict Verdict => FirstLater + SecondLater < 2 ? Verdict.Untested
        : PValue >= Level ? Verdict.Undecided
        : FirstLater > SecondLater ? Verdict.Above
        : Verdict.Below;

    /// <summary>Compares the times, element i of both from the same seed.</summary>
    public static SignTest Of(IEnumerable<CensoredTime> first, IEnumerable<CensoredTime> second)
    {
        var (a, b) = (first.ToList(), second.ToList());
        if (a.Count != b.Count)
            throw new ArgumentException($"{a.Count} times cannot be paired with {b.Count}", nameof(second));
        var signs = a.Zip(b, (x, y) => x.SignAgainst(y)).ToList();
        return new(signs.Count(sign => sign == 1), signs.Count(sign => sign == -1), signs.Count(sign => sign is null or 0));
    }
}
