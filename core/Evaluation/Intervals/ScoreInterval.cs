namespace MedTransfer.Evaluation.Intervals;

/// <summary>Intervals of a score from its standard error, made on the logit scale so that they stay within 0 to 1.</summary>
public static class ScoreInterval
{
    /// <summary>
    /// logit(score) -+ t(df) error / (score (1 - score)), turned back: the delta method (Pepe 2003, 5.2.5). Null for a score of 0 or 1,
    /// which has no logit.
    /// </summary>
    /// <param name="score">0 to 1.</param>
    /// <param name="standardError">Above 0; 0 where nothing was seen to vary, which gives null.</param>
    /// <param name="degreesOfFreedom">Of the error, above 0; infinite for a normal interval.</param>
    public static Interval? Logit95(double score, double standardError, double degreesOfFreedom = double.PositiveInfinity)
    {
        if (score is <= 0 or >= 1 || standardError <= 0)
            return null;
        var centre = Math.Log(score / (1 - score));
        var reach = StudentT.Critical(0.05, degreesOfFreedom) * standardError / (score * (1 - score));
        static double Turned(double logit) => 1 / (1 + Math.Exp(-logit));
        return new(Turned(centre - reach), Turned(centre + reach));
    }
}
