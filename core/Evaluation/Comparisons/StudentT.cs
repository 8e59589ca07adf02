using MathNet.Numerics;
using MathNet.Numerics.RootFinding;

namespace MedTransfer.Evaluation.Comparisons;

/// <summary>Student's t distribution with a whole number of degrees of freedom, both tails together.</summary>
public static class StudentT
{
    /// <summary>
    /// P(|T| >= |t|), 0 to 1: the regularised incomplete beta function I_x(df/2, 1/2) at x = df / (df + t^2)
    /// (Abramowitz and Stegun 26.7.1 and 26.5.27), to 12 digits, in the far tail too; to 10 where |t| is below .01.
    /// </summary>
    /// <param name="degreesOfFreedom">At least 1; a digit is lost beyond 1,000.</param>
    public static double TwoSidedP(double t, int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        if (double.IsNaN(t))
            throw new ArgumentOutOfRangeException(nameof(t), t, "A statistic that is missing has no probability");
        return SpecialFunctions.BetaRegularized(degreesOfFreedom / 2.0, 0.5, 1 / (1 + t * t / degreesOfFreedom));
    }

    /// <summary>
    /// The t, above 0, that |T| exceeds with probability <paramref name="alpha"/>: for .05 the factor of a 95 % interval. To 12 digits;
    /// MathNet's own inverse is right to seven, and finds none beyond 800.
    /// </summary>
    /// <param name="alpha">Above 0, below 1.</param>
    public static double Critical(double alpha, int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        // as a share of alpha, or a small one would be met too early; the probability is 1 at 0, so it is the upper end that moves until it is below
        return Brent.FindRootExpand(
            t => TwoSidedP(t, degreesOfFreedom) / alpha - 1, 0, 4, accuracy: 1e-15, maxIterations: 1000, expandFactor: 2, maxExpandIteratons: 1000);
    }
}
