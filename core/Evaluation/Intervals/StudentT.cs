using MathNet.Numerics;
using MathNet.Numerics.RootFinding;
using Normal = MathNet.Numerics.Distributions.Normal;

namespace MedTransfer.Evaluation.Intervals;

/// <summary>Student's t distribution, both tails together; with infinitely many degrees of freedom, the normal distribution.</summary>
public static class StudentT
{
    // the incomplete beta function loses digits beyond, where the normal distribution is as close
    private const double ManyDegrees = 10_000;

    /// <summary>
    /// P(|T| >= |t|), 0 to 1: the regularised incomplete beta function I_x(df/2, 1/2) at x = df / (df + t^2)
    /// (Abramowitz and Stegun 26.7.1 and 26.5.27), to 12 digits, in the far tail too; to 10 where |t| is below .01. Beyond 10,000 degrees of
    /// freedom the normal distribution by 26.7.8, to 8 digits.
    /// </summary>
    /// <param name="degreesOfFreedom">Above 0, not necessarily whole; a digit is lost beyond 1,000.</param>
    public static double TwoSidedP(double t, double degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        if (double.IsNaN(t) || double.IsNaN(degreesOfFreedom))
            throw new ArgumentOutOfRangeException(nameof(t), t, "A statistic that is missing has no probability");
        if (degreesOfFreedom <= ManyDegrees)
            return SpecialFunctions.BetaRegularized(degreesOfFreedom / 2, 0.5, 1 / (1 + t * t / degreesOfFreedom));
        var z = Math.Abs(t) * (1 - 1 / (4 * degreesOfFreedom)) / Math.Sqrt(1 + t * t / (2 * degreesOfFreedom));
        return 2 * Normal.CDF(0, 1, -z);
    }

    /// <summary>
    /// The t, above 0, that |T| exceeds with probability <paramref name="alpha"/>: for .05 the factor of a 95 % interval. To 12 digits;
    /// MathNet's own inverse is right to seven, and finds none beyond 800.
    /// </summary>
    /// <param name="alpha">Above 0, below 1.</param>
    /// <inheritdoc cref="TwoSidedP" path="/param[@name='degreesOfFreedom']"/>
    public static double Critical(double alpha, double degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        // as a share of alpha, or a small one would be met too early; the probability is 1 at 0, so it is the upper end that moves until it is below
        return Brent.FindRootExpand(
            t => TwoSidedP(t, degreesOfFreedom) / alpha - 1, 0, 4, accuracy: 1e-15, maxIterations: 1000, expandFactor: 2, maxExpandIteratons: 1000);
    }
}
