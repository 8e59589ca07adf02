namespace MedTransfer.Evaluation.Classification;

/// <summary>Scores of predictions against labels, in MedMNIST's conventions.</summary>
public static class ClassificationScores
{
    /// <summary>MedMNIST calls a finding where its probability is above, not at, this.</summary>
    public const float FindingThreshold = 0.5f;

    /// <summary>The label of a finding of which nobody said whether the image has it.</summary>
    public const byte UnknownFinding = 255;

    /// <summary>
    /// Scores of one class an image. The answer is the most probable class, of equally probable ones the first; the ROC AUC of class k
    /// ranks the images by column k.
    /// </summary>
    /// <param name="probabilities">(N, K), K at least 2: the softmax of each image.</param>
    /// <param name="labels">(N, 1): the class of each image, 0 to K - 1.</param>
    /// <param name="positive">Of two classes the one that sensitivity and its like are of, 0 or 1; not used with more.</param>
    public static Scores OfClasses(float[,] probabilities, byte[,] labels, int positive = 1)
    {
        LabelledPredictions.RequireClasses(probabilities, labels);
        LabelledPredictions.RequireOneOfTwo(positive);
        var (images, classes) = (probabilities.GetLength(0), probabilities.GetLength(1));

        var answers = Enumerable.Range(0, images).Select(i => LabelledPredictions.Answer(probabilities, i)).ToArray();
        var each = Enumerable.Range(0, classes)
            .Select(k => Outcome.Of(probabilities, k, i => answers[i] == k, i => labels[i, 0] == k))
            .ToArray();
        var right = each.Sum(outcome => outcome.Counts.TruePositives);
        var occurring = each.Count(outcome => outcome.Counts.Sensitivity is not null);

        return Average(
            classes == 2 ? [each[positive]] : each,
            images,
            accuracy: (double)right / images,
            balancedAccuracy: occurring < 2 ? null : each.Average(outcome => outcome.Counts.Sensitivity),
            mcc: classes == 2 ? each[1].Counts.Mcc : GorodkinCorrelation(each, right, images),
            brierScore: classes == 2 ? each[1].BrierScore : each.Sum(outcome => outcome.BrierScore) / 2) with
        {
            PositiveClass = classes == 2 ? positive : null,
        };
    }

    /// <summary>Whether each image's most probable class, of equally probable ones the first, is its own.</summary>
    /// <inheritdoc cref="OfClasses" path="/param"/>
    public static bool[] RightAnswers(float[,] probabilities, byte[,] labels)
    {
        LabelledPredictions.RequireClasses(probabilities, labels);
        return [.. Enumerable.Range(0, labels.GetLength(0)).Select(image => LabelledPredictions.Answer(probabilities, image) == labels[image, 0])];
    }

    /// <summary>
    /// Scores of independent findings, each called where its probability is above <see cref="FindingThreshold"/>. A finding that is not known
    /// of an image counts neither as present nor as absent: each finding is scored on the images it is known of.
    /// </summary>
    /// <param name="probabilities">(N, L): a sigmoid for each finding of each image.</param>
    /// <param name="labels">(N, L): 1 where the image has the finding, 0 where not, <see cref="UnknownFinding"/> where that is not known.</param>
    public static Scores OfFindings(float[,] probabilities, byte[,] labels)
    {
        LabelledPredictions.RequireProbabilities(probabilities, labels);
        var (images, findings) = (probabilities.GetLength(0), probabilities.GetLength(1));
        if (findings < 1 || labels.GetLength(1) != findings)
            throw new ArgumentException($"{findings} columns of probabilities, but {labels.GetLength(1)} of labels", nameof(labels));
        LabelledPredictions.RequireLabels(labels, values: 2, UnknownFinding);

        var each = Enumerable.Range(0, findings)
            .Select(k => Outcome.Of(probabilities, k, i => probabilities[i, k] > FindingThreshold, i => labels[i, k] == 1, i => labels[i, k] != UnknownFinding))
            .ToArray();
        if (labels.Cast<byte>().All(label => label == UnknownFinding))
            throw new MedTransferException("No finding of any image is known, so that there is nothing to score: choose a split that has some");

        return Average(
            each,
            images,
            accuracy: each.Average(outcome => outcome.Counts.Accuracy)!.Value,
            balancedAccuracy: each.Average(outcome => outcome.Counts.BalancedAccuracy),
            mcc: each.Average(outcome => outcome.Counts.Mcc),
            brierScore: each.Average(outcome => outcome.BrierScore));
    }

    /// <summary>Means over the outcomes for which a figure is defined: Average leaves nulls out, and is null where all are.</summary>
    private static Scores Average(Outcome[] each, int images, double accuracy, double? balancedAccuracy, double? mcc, double? brierScore) => new()
    {
        Images = images,
        Values = new(
        [
            new(Metric.Accuracy, accuracy),
            new(Metric.BalancedAccuracy, balancedAccuracy),
            new(Metric.Sensitivity, each.Average(outcome => outcome.Counts.Sensitivity)),
            new(Metric.Specificity, each.Average(outcome => outcome.Counts.Specificity)),
            new(Metric.Precision, each.Average(outcome => outcome.Counts.Precision)),
            new(Metric.F1, each.Average(outcome => outcome.Counts.F1)),
            new(Metric.RocAuc, each.Average(outcome => outcome.RocAuc)),
            new(Metric.RocAucTerms, each.Count(outcome => outcome.RocAuc is not null)),
            new(Metric.AveragePrecision, each.Average(outcome => outcome.AveragePrecision)),
            new(Metric.Mcc, mcc),
            new(Metric.BrierScore, brierScore),
        ]),
    };

    /// <summary>
    /// R_K = (right N - sum a_k t_k) / sqrt((N^2 - sum a_k^2) (N^2 - sum t_k^2)), with a_k answers and t_k labels of class k; null where all
    /// answers or all labels are of one class.
    /// </summary>
    private static double? GorodkinCorrelation(Outcome[] each, long right, long images)
    {
        long together = right * images, answers = images * images, labels = images * images;
        foreach (var (counts, _, _, _) in each)
        {
            long answered = counts.TruePositives + counts.FalsePositives, labelled = counts.TruePositives + counts.FalseNegatives;
            together -= answered * labelled;
            answers -= answered * answered;
            labels -= labelled * labelled;
        }

        return answers == 0 || labels == 0 ? null : together / Math.Sqrt((double)answers * labels);
    }

    /// <summary>One class against the rest, or one finding.</summary>
    private readonly record struct Outcome(BinaryCounts Counts, double? RocAuc, double? AveragePrecision, double? BrierScore)
    {
        public static Outcome Of(float[,] probabilities, int column, Func<int, bool> called, Func<int, bool> positive, Func<int, bool>? known = null)
        {
            var images = Enumerable.Range(0, probabilities.GetLength(0)).Where(known ?? (_ => true)).ToArray();
            var positives = Array.ConvertAll(images, i => positive(i));
            var ofColumn = Array.ConvertAll(images, i => probabilities[i, column]);
            return new(
                BinaryCounts.Of(Array.ConvertAll(images, i => called(i)), positives),
                Classification.RocAuc.Of(ofColumn, positives),
                Classification.AveragePrecision.Of(ofColumn, positives),
                ofColumn.Zip(positives, (p, y) => p - (y ? 1.0 : 0)).Average(error => (double?)(error * error)));
        }
    }
}
