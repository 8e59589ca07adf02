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
                    $"A score is {score}, and the {figure} needs finite ones: check whether the training diverged");
        }
    }
}
