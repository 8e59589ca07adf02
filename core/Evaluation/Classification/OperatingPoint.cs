namespace MedTransfer.Evaluation.Classification;

/// <summary>
/// A threshold on the probability of the positive class, chosen on one split (validation) and applied to others: a threshold chosen on
/// the split it is judged on flatters itself. Positive is called at the threshold or above.
/// </summary>
/// <param name="WantedSensitivity">What was asked for, above 0 to 1.</param>
/// <param name="Threshold">Probability from which on positive is called.</param>
/// <param name="Counts">Outcomes on the split it was chosen on.</param>
public sealed record OperatingPoint(double WantedSensitivity, float Threshold, BinaryCounts Counts)
{
    /// <summary>The largest threshold with at least the wanted sensitivity: of all such, none has a higher specificity.</summary>
    /// <param name="probabilities">Of the positive class, one finite number an image.</param>
    /// <param name="positive">Whether the image is positive, in the same order.</param>
    /// <param name="wanted">Sensitivity, above 0 to 1.</param>
    /// <exception cref="MedTransferException">There are no positives, or a number is out of its range.</exception>
    public static OperatingPoint AtSensitivity(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive, double wanted)
    {
        if (!(wanted is > 0 and <= 1))
            throw new MedTransferException(FormattableString.Invariant($"A sensitivity is above 0 and at most 1, not {wanted}: ask for .95, say."));
        ScoredImages.RequireFinite(probabilities, positive, Name);

        var ofPositives = new List<float>();
        for (var i = 0; i < positive.Length; i++)
        {
            if (positive[i])
                ofPositives.Add(probabilities[i]);
        }

        if (ofPositives.Count == 0)
            throw new MedTransferException($"The {Name} for a sensitivity is found on positives, and there are none: choose a split that has some.");
        ofPositives.Sort();

        var called = 1;
        while ((double)called / ofPositives.Count < wanted)
            called++;
        var threshold = ofPositives[^called];
        return new(wanted, threshold, CountsAt(threshold, probabilities, positive));
    }

    /// <summary>Outcomes of this threshold on another split.</summary>
    /// <inheritdoc cref="AtSensitivity" path="/param[@name='probabilities' or @name='positive']"/>
    public BinaryCounts Apply(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive)
    {
        ScoredImages.RequireFinite(probabilities, positive, Name);
        return CountsAt(Threshold, probabilities, positive);
    }

    private const string Name = "operating point";

    private static BinaryCounts CountsAt(float threshold, ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive) =>
        BinaryCounts.Of(Array.ConvertAll(probabilities.ToArray(), p => p >= threshold), positive);
}
