namespace MedTransfer.Evaluation.Classification;

/// <summary>
/// Which labels are probably wrong, by what models say that did not learn from them: confident learning (Northcutt, Jiang and Chuang 2021). An image counts as one of a class where its
/// probability of that class is at least the mean over the images labelled so. Where the likeliest class that it counts for is not its label, and is likelier than that, the label is
/// suspected: without the latter, rare classes, whose mean is low, would be suspected of many images that are none.
/// </summary>
/// <param name="Thresholds">Of each class, the mean probability of it over the images that are labelled so; null for one without images.</param>
/// <param name="Ranked">Every image: suspected labels first, then by margin, of equals in their order.</param>
public sealed record ConfidentLearning(IReadOnlyList<double?> Thresholds, IReadOnlyList<LabelDoubt> Ranked)
{
    /// <summary>Of out-of-fold predictions: those of an image by a model that learned from its label say that the label is right.</summary>
    /// <param name="probabilities">(N, K): the softmax of each image.</param>
    /// <param name="labels">(N, 1): the class of each image, 0 to K - 1.</param>
    public static ConfidentLearning Of(float[,] probabilities, byte[,] labels)
    {
        LabelledPredictions.RequireClasses(probabilities, labels);
        var (images, classes) = (probabilities.GetLength(0), probabilities.GetLength(1));
        var counts = new int[classes];
        var sums = new double[classes];
        for (var image = 0; image < images; image++)
        {
            counts[labels[image, 0]]++;
            sums[labels[image, 0]] += probabilities[image, labels[image, 0]];
        }

        double?[] thresholds = [.. counts.Select((count, label) => count == 0 ? (double?)null : sums[label] / count)];
        var doubts = Enumerable.Range(0, images).Select(image => DoubtOf(probabilities, image, labels[image, 0], CountedAs(probabilities, image, thresholds)));
        return new(thresholds, [.. doubts.OrderByDescending(doubt => doubt.IsSuspected).ThenBy(doubt => doubt.Margin)]);
    }

    // the likeliest of the classes that it is sure enough of; null where there is none
    private static int? CountedAs(float[,] probabilities, int image, double?[] thresholds)
    {
        int? best = null;
        for (var label = 0; label < thresholds.Length; label++)
        {
            if (probabilities[image, label] >= thresholds[label] && (best is not { } other || probabilities[image, label] > probabilities[image, other]))
                best = label;
        }

        return best;
    }

    private static LabelDoubt DoubtOf(float[,] probabilities, int image, int given, int? counted)
    {
        var isSuspected = counted is { } and var found && found != given && probabilities[image, found] > probabilities[image, given];
        var suggested = isSuspected ? counted!.Value : -1;
        for (var label = 0; label < probabilities.GetLength(1) && !isSuspected; label++)
        {
            if (label != given && (suggested < 0 || probabilities[image, label] > probabilities[image, suggested]))
                suggested = label;
        }

        return new(image, given, suggested, probabilities[image, given], probabilities[image, given] - probabilities[image, suggested], isSuspected);
    }
}

/// <summary>How far an image is at odds with its label.</summary>
/// <param name="Image">Its row.</param>
/// <param name="Given">Its label.</param>
/// <param name="Suggested">The class that it counts for, where its label is suspected; else the likeliest other one.</param>
/// <param name="Confidence">Probability of its label, 0 to 1.</param>
/// <param name="Margin">That less the probability of the suggested class, -1 to 1; below 0 where the label is suspected.</param>
/// <param name="IsSuspected">Whether it counts for another class than its label, which is also the likelier one.</param>
public sealed record LabelDoubt(int Image, int Given, int Suggested, double Confidence, double Margin, bool IsSuspected);
