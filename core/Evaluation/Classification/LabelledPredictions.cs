namespace MedTransfer.Evaluation.Classification;

/// <summary>What the figures of probabilities (N, K) and labels ask of their inputs, and how an answer is read off them.</summary>
internal static class LabelledPredictions
{
    /// <summary>A float softmax may be off by its last digits; a logit is off by more.</summary>
    internal const float RoundingAllowance = 1e-5f;

    /// <summary>Refuses what is not a softmax of at least two classes and one class an image.</summary>
    internal static void RequireClasses(float[,] probabilities, byte[,] labels)
    {
        RequireProbabilities(probabilities, labels);
        var classes = probabilities.GetLength(1);
        if (classes < 2)
            throw new ArgumentException("A softmax needs at least two columns", nameof(probabilities));
        if (labels.GetLength(1) != 1)
            throw new ArgumentException($"Classes are one column of labels, not {labels.GetLength(1)}", nameof(labels));
        RequireLabels(labels, classes);
    }

    /// <summary>Refuses other than one row of probabilities a row of labels, none at all, and what is no probability.</summary>
    internal static void RequireProbabilities(float[,] probabilities, byte[,] labels)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.GetLength(0) != probabilities.GetLength(0))
            throw new ArgumentException($"Predictions of {probabilities.GetLength(0)} images, but labels of {labels.GetLength(0)}", nameof(labels));
        RequireProbabilities(probabilities);
    }

    /// <summary>Refuses no images, and what is no probability.</summary>
    internal static void RequireProbabilities(float[,] probabilities)
    {
        var (images, columns) = (probabilities.GetLength(0), probabilities.GetLength(1));
        if (images == 0)
            throw new MedTransferException("There are no images to score: choose a split that has some");

        for (var i = 0; i < images; i++)
        {
            for (var k = 0; k < columns; k++)
            {
                var p = probabilities[i, k];
                if (!float.IsFinite(p))
                    throw new MedTransferException(
                        FormattableString.Invariant($"The prediction of image {i} for output {k} is {p}: the training diverged, lower its learning rate"));
                if (p is < -RoundingAllowance or > 1 + RoundingAllowance)
                    throw new ArgumentException(
                        FormattableString.Invariant($"The prediction of image {i} for output {k} is {p}, not a probability"), nameof(probabilities));
            }
        }
    }

    /// <summary>Refuses labels that are neither below <paramref name="values"/> nor <paramref name="unknown"/>.</summary>
    internal static void RequireLabels(byte[,] labels, int values, byte? unknown = null)
    {
        for (var i = 0; i < labels.GetLength(0); i++)
        {
            for (var k = 0; k < labels.GetLength(1); k++)
            {
                if (labels[i, k] >= values && labels[i, k] != unknown)
                    throw new MedTransferException(
                        $"Label {k} of image {i} is {labels[i, k]}, but should be below {values}: check the dataset's labels");
            }
        }
    }

    /// <summary>Refuses a positive class that is not one of two.</summary>
    internal static void RequireOneOfTwo(int positive)
    {
        if (positive is not (0 or 1))
            throw new ArgumentOutOfRangeException(nameof(positive), positive, "The positive class of two is 0 or 1");
    }

    /// <summary>The most probable class of an image, of equally probable ones the first.</summary>
    internal static int Answer(float[,] probabilities, int image)
    {
        var best = 0;
        for (var k = 1; k < probabilities.GetLength(1); k++)
        {
            if (probabilities[image, k] > probabilities[image, best])
                best = k;
        }

        return best;
    }
}

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
