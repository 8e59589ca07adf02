using MathNet.Numerics;
using MathNet.Numerics.RootFinding;

namespace MedTransfer.Evaluation.Intervals;

/// <summary>95 % intervals of a proportion of independent images.</summary>
public static class ProportionInterval
{
    private const double Alpha = 0.05;

    /// <summary>
    /// Wilson's score interval (1927, J. Am. Stat. Assoc. 22:209-212): within 0 to 1, and close to 95 % on average also where the proportion is
    /// near an end.
    /// </summary>
    /// <param name="successes">0 to <paramref name="count"/>; a tie counts half.</param>
    /// <param name="count">At least 1.</param>
    public static Interval Wilson(double successes, int count)
    {
        Require(successes, count);
        var z = StudentT.Critical(Alpha, double.PositiveInfinity);
        var (share, square) = (successes / count, z * z / count);
        var centre = (share + square / 2) / (1 + square);
        var reach = z * Math.Sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square);
        return new(Math.Max(0, centre - reach), Math.Min(1, centre + reach));
    }

    /// <summary>Clopper and Pearson's exact interval (1934, Biometrika 26:404-413): at least 95 %, whatever the proportion, and mostly more.</summary>
    /// <inheritdoc cref="Wilson" path="/param"/>
    public static Interval ClopperPearson(int successes, int count)
    {
        Require(successes, count);
        // the share at which so many successes, or more, have a probability of .025
        static double ShareWith(double probability, int a, int b) =>
            Brent.FindRoot(share => SpecialFunctions.BetaRegularized(a, b, share) - probability, 0, 1, accuracy: 1e-15, maxIterations: 1000);
        return new(
            successes == 0 ? 0 : ShareWith(Alpha / 2, successes, count - successes + 1),
            successes == count ? 1 : ShareWith(1 - Alpha / 2, successes + 1, count - successes));
    }

    private static void Require(double successes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
    }
}
