namespace MedTransfer.Evaluation.Intervals;

/// <summary>Intervals of a score, and of a difference of two, from its standard error, which stay within what it can be.</summary>
public static class ScoreInterval
{
    /// <summary>difference -+ t(df) error, cut off at -1 and 1.</summary>
    /// <param name="difference">Of two scores, -1 to 1.</param>
    /// <param name="standardError">Of it, above 0.</param>
    /// <param name="degreesOfFreedom">Of the error, above 0; infinite for a normal interval.</param>
    /// <param name="confidence">.95, say.</param>
    public static Interval OfDifference(double difference, double standardError, double degreesOfFreedom = double.PositiveInfinity, double confidence = 0.95)
    {
        var reach = StudentT.Critical(1 - confidence, degreesOfFreedom) * standardError;
        return new(Math.Max(-1, difference - reach), Math.Min(1, difference + reach));
    }

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
