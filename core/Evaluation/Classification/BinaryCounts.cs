namespace MedTransfer.Evaluation.Classification;

/// <summary>The four outcomes of a yes-or-no decision, counted over images.</summary>
public readonly record struct BinaryCounts(int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>(TP + TN) / N; undefined without images.</summary>
    public double? Accuracy => Ratio(TruePositives + TrueNegatives, TruePositives + FalseNegatives + TrueNegatives + FalsePositives);

    /// <summary>TP / (TP + FN).</summary>
    public double? Sensitivity => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>TN / (TN + FP).</summary>
    public double? Specificity => Ratio(TrueNegatives, TrueNegatives + FalsePositives);

    /// <summary>TP / (TP + FP).</summary>
    public double? Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>2 TP / (2 TP + FP + FN), the harmonic mean of precision and sensitivity where both are defined and not both 0.</summary>
    public double? F1 => Ratio(2L * TruePositives, 2L * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>(Sensitivity + Specificity) / 2; undefined where either is.</summary>
    public double? BalancedAccuracy => (Sensitivity + Specificity) / 2;

    /// <summary>
    /// Matthews correlation of decision and label, -1 to 1, 0 for guessing: (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN))
    /// (Matthews 1975, Biochim. Biophys. Acta 405:442-451); undefined where a sum is 0, as all decisions or all labels are then the same.
    /// </summary>
    public double? Mcc
    {
        get
        {
            var square = ((double)TruePositives + FalsePositives) * ((double)TruePositives + FalseNegatives)
                * ((double)TrueNegatives + FalsePositives) * ((double)TrueNegatives + FalseNegatives);
            return square == 0 ? null : ((long)TruePositives * TrueNegatives - (long)FalsePositives * FalseNegatives) / Math.Sqrt(square);
        }
    }

    /// <summary>Counts the outcomes of one decision an image.</summary>
    public static BinaryCounts Of(ReadOnlySpan<bool> called, ReadOnlySpan<bool> positive)
    {
        if (called.Length != positive.Length)
            throw new ArgumentException($"{called.Length} decisions, but {positive.Length} labels", nameof(positive));

        int truePositives = 0, falsePositives = 0, falseNegatives = 0;
        for (var i = 0; i < called.Length; i++)
        {
            if (called[i] && positive[i])
                truePositives++;
            else if (called[i])
                falsePositives++;
            else if (positive[i])
                falseNegatives++;
        }

        return new(truePositives, falsePositives, falseNegatives, called.Length - truePositives - falsePositives - falseNegatives);
    }

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
