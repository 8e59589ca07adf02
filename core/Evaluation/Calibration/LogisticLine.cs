namespace MedTransfer.Evaluation.Calibration;

/// <summary>P(positive) = sigmoid(Intercept + Slope z).</summary>
internal sealed record LogisticLine(double Slope, double Intercept)
{
    /// <summary>Newton's steps take five to ten; many more only where the maximum is all but infinitely far.</summary>
    private const int MaxSteps = 100;

    /// <summary>Twice the log likelihood to gain, below which whole steps converge, and rounding could mislead a search along them.</summary>
    private const double NearDecrement = 1e-3;

    /// <summary>The same, below which one more step is exact to rounding.</summary>
    private const double LastDecrement = 1e-10;

    /// <summary>The maximum of the likelihood by Newton's method with halved steps; null where it was not reached.</summary>
    /// <param name="z">Regressor, of overlapping classes.</param>
    internal static LogisticLine? Fit(double[] z, bool[] positive)
    {
        var line = new LogisticLine(1, 0);
        for (var step = 0; step < MaxSteps; step++)
        {
            var (slope, intercept, decrement) = line.NewtonStep(z, positive);
            var share = decrement < NearDecrement ? 1 : line.ShareThatGains(slope, intercept, decrement, z, positive);
            line = line.Moved(slope, intercept, share);
            if (decrement < LastDecrement)
                return line;
        }

        return null;
    }

    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private LogisticLine Moved(double slope, double intercept, double share) => new(Slope + share * slope, Intercept + share * intercept);

    private double ShareThatGains(double slope, double intercept, double decrement, double[] z, bool[] positive)
    {
        var (loss, share) = (Loss(z, positive), 1.0);
        while (Moved(slope, intercept, share).Loss(z, positive) > loss - 0.1 * share * decrement)
            share /= 2;
        return share;
    }

    /// <summary>-log likelihood: sum of log(1 + exp(-m)), m the log odds of the true label.</summary>
    private double Loss(double[] z, bool[] positive)
    {
        double loss = 0;
        for (var i = 0; i < z.Length; i++)
        {
            var margin = (Intercept + Slope * z[i]) * (positive[i] ? 1 : -1);
            loss += Math.Max(-margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
        }

        return loss;
    }

    /// <summary>The step -H^-1 g to the minimum of the loss's parabola, and g H^-1 g, twice what it gains there.</summary>
    private (double Slope, double Intercept, double Decrement) NewtonStep(double[] z, bool[] positive)
    {
        double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
        for (var i = 0; i < z.Length; i++)
        {
            var p = Sigmoid(Intercept + Slope * z[i]);
            var (residual, weight) = (p - (positive[i] ? 1 : 0), p * (1 - p));
            g0 += residual;
            g1 += residual * z[i];
            h00 += weight;
            h01 += weight * z[i];
            h11 += weight * z[i] * z[i];
        }

        var determinant = h00 * h11 - h01 * h01;
        var (slope, intercept) = ((h01 * g0 - h00 * g1) / determinant, (h01 * g1 - h11 * g0) / determinant);
        return (slope, intercept, -(slope * g1 + intercept * g0));
    }
}
