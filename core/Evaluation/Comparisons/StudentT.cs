namespace MedTransfer.Evaluation.Comparisons;

/// <summary>Student's t distribution with a whole number of degrees of freedom.</summary>
public static class StudentT
{
    /// <summary>
    /// P(|T| >= |t|), 0 to 1: the regularised incomplete beta function I_x(df/2, 1/2) at x = df / (df + t^2)
    /// (Abramowitz and Stegun 26.7.1 and 26.5.27), to about 13 digits, in the far tail too.
    /// </summary>
    /// <param name="degreesOfFreedom">At least 1; time and rounding grow with it, thousands are fine.</param>
    public static double TwoSidedP(double t, int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        if (double.IsNaN(t))
            throw new ArgumentOutOfRangeException(nameof(t), t, "A statistic that is missing has no probability");

        var (a, b) = (degreesOfFreedom / 2.0, 0.5);
        var x = 1 / (1 + t * t / degreesOfFreedom);
        var y = 1 / (1 + degreesOfFreedom / (t * t));

        // x^a y^b / B(a, b); the continued fraction converges fast on the side of x below the distribution's mean.
        var front = Math.Pow(x, a) * Math.Sqrt(y) * GammaRatio(degreesOfFreedom) / Math.Sqrt(Math.PI);
        return x < (a + 1) / (a + b + 2)
            ? front * BetaFraction(a, b, x) / a
            : 1 - front * BetaFraction(b, a, y) / b;
    }

    /// <summary>
    /// The t, above 0, that |T| exceeds with probability <paramref name="alpha"/>: for .05 the factor of a 95 % interval.
    /// </summary>
    /// <param name="alpha">Above 0, below 1.</param>
    public static double Critical(double alpha, int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);

        // P(|T| >= t) falls and is convex for t > 0: Newton's steps from 0 climb to the root, never past it but for rounding.
        for (double t = 0; ;)
        {
            var next = t + (TwoSidedP(t, degreesOfFreedom) - alpha) / (2 * Density(t, degreesOfFreedom));
            if (next <= t * (1 + 1e-15))
                return t;
            t = next;
        }
    }

    private static double Density(double t, int df) =>
        GammaRatio(df) / Math.Sqrt(Math.PI * df) * Math.Pow(1 + t * t / df, -(df + 1) / 2.0);

    /// <summary>Gamma((df + 1) / 2) / Gamma(df / 2), by its recurrence r(n + 2) = r(n) (n + 1) / n from df = 1 or 2.</summary>
    private static double GammaRatio(int df)
    {
        var odd = df % 2 == 1;
        var ratio = odd ? 1 / Math.Sqrt(Math.PI) : Math.Sqrt(Math.PI) / 2;
        for (var n = odd ? 1 : 2; n < df; n += 2)
            ratio *= (n + 1.0) / n;
        return ratio;
    }

    /// <summary>The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's method.</summary>
    private static double BetaFraction(double a, double b, double x)
    {
        double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), fraction = d;
        for (var m = 1; ; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / (1 + even * d);
            c = 1 + even / c;
            fraction *= c * d;

            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / (1 + odd * d);
            c = 1 + odd / c;
            fraction *= c * d;
            if (Math.Abs(c * d - 1) < 1e-15)
                return fraction;
        }
    }
}
