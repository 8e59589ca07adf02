namespace MedTransfer.Evaluation;

/// <summary>What the figures of one score and one yes-or-no label an image ask of their inputs.</summary>
internal static class ScoredImages
{
    /// <summary>Refuses other than one finite score a label, in the name of <paramref name="figure"/>.</summary>
    internal static void RequireFinite(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive, string figure)
    {
        if (scores.Length != positive.Length)
            throw new ArgumentException($"{scores.Length} scores, but {positive.Length} labels", nameof(positive));
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
                throw new MedTransferException(
                    FormattableString.Invariant($"A score is {score}, and the {figure} needs finite ones: check whether the training diverged"));
        }
    }

    /// <summary>Refuses other than one probability a label, and none at all.</summary>
    internal static void RequireProbabilities(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> positive, string figure)
    {
        RequireFinite(probabilities, positive, figure);
        if (probabilities.IsEmpty)
            throw new MedTransferException($"There are no images for the {figure}: choose a split that has some");
        foreach (var p in probabilities)
        {
            if (p is < -LabelledPredictions.RoundingAllowance or > 1 + LabelledPredictions.RoundingAllowance)
                throw new ArgumentException(FormattableString.Invariant($"A score is {p}, not a probability as the {figure} needs it"), nameof(probabilities));
        }
    }
}
