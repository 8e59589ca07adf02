using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Evaluation.Cases;

/// <summary>
/// Scores of predictions by the name of their metric, over the patients of a split: the values of <see cref="ClassificationScores"/>, with how
/// they vary with the patients.
/// </summary>
public static class CaseScores
{
    /// <summary>Metrics that there are such scores of.</summary>
    public static IReadOnlyList<string> Metrics { get; } =
        [Metric.Accuracy, Metric.BalancedAccuracy, Metric.Sensitivity, Metric.Specificity, Metric.Precision, Metric.F1, Metric.RocAuc];

    /// <summary>Of one class an image, see <see cref="ClassificationScores.OfClasses"/>; null where the score is undefined.</summary>
    /// <param name="metric">One of <see cref="Metrics"/>.</param>
    /// <inheritdoc cref="ClassificationScores.OfClasses" path="/param"/>
    public static CaseScore? OfClasses(string metric, float[,] probabilities, byte[,] labels, Patients patients, int positive = 1)
    {
        LabelledPredictions.RequireClasses(probabilities, labels);
        Require(metric, labels, patients);
        var classes = probabilities.GetLength(1);
        var answers = Enumerable.Range(0, patients.Images).Select(image => LabelledPredictions.Answer(probabilities, image)).ToArray();
        Calls Of(int k) => new(patients, image => probabilities[image, k], image => answers[image] == k, image => labels[image, 0] == k);
        if (metric == Metric.Accuracy)
            return RatioScore.Of(patients, image => (answers[image] == labels[image, 0] ? 1 : 0, 1));
        if (classes == 2)
            return Of(positive).Score(metric);
        var each = Enumerable.Range(0, classes).Select(k => Of(k).Score(metric == Metric.BalancedAccuracy ? Metric.Sensitivity : metric)).OfType<CaseScore>().ToList();
        return metric == Metric.BalancedAccuracy && each.Count < 2 ? null : CaseScore.Mean(each);
    }

    /// <summary>Of independent findings, see <see cref="ClassificationScores.OfFindings"/>: the mean over those for which it is defined; null where it is for none.</summary>
    /// <inheritdoc cref="OfClasses" path="/param"/>
    public static CaseScore? OfFindings(string metric, float[,] probabilities, byte[,] labels, Patients patients)
    {
        LabelledPredictions.RequireProbabilities(probabilities, labels);
        Require(metric, labels, patients);
        return CaseScore.Mean(Enumerable.Range(0, labels.GetLength(1))
            .Select(finding => new Calls(
                patients,
                image => probabilities[image, finding],
                image => probabilities[image, finding] > ClassificationScores.FindingThreshold,
                image => labels[image, finding] == ClassificationScores.UnknownFinding ? null : labels[image, finding] == 1).Score(metric))
            .OfType<CaseScore>());
    }

    private static void Require(string metric, byte[,] labels, Patients patients)
    {
        ArgumentNullException.ThrowIfNull(patients);
        if (!Metrics.Contains(metric))
            throw new ArgumentException($"There is no score over patients of {metric}: ask for one of {string.Join(", ", Metrics)}", nameof(metric));
        if (labels.GetLength(0) != patients.Images)
            throw new ArgumentException($"Labels of {labels.GetLength(0)} images, but patients of {patients.Images}", nameof(patients));
    }

    /// <summary>What was said of one class or finding, and what is so; null where that is not known.</summary>
    private sealed record Calls(Patients Patients, Func<int, float> Probability, Func<int, bool> Called, Func<int, bool?> Present)
    {
        public CaseScore? Score(string metric) => metric switch
        {
            Metric.Accuracy => Ratio((called, present) => (called == present ? 1 : 0, 1)),
            Metric.Sensitivity => Ratio((called, present) => (called && present ? 1 : 0, present ? 1 : 0)),
            Metric.Specificity => Ratio((called, present) => (!called && !present ? 1 : 0, present ? 0 : 1)),
            Metric.Precision => Ratio((called, present) => (called && present ? 1 : 0, called ? 1 : 0)),
            Metric.F1 => Ratio((called, present) => (called && present ? 2 : 0, (called ? 1 : 0) + (present ? 1 : 0))),
            Metric.BalancedAccuracy => (Score(Metric.Sensitivity), Score(Metric.Specificity)) is ({ } sensitivity, { } specificity)
                ? CaseScore.Mean(sensitivity, specificity)
                : null,
            _ => AucScore.Of(Patients, Probability, Present),
        };

        private RatioScore? Ratio(Func<bool, bool, (int Numerator, int Denominator)> of) =>
            RatioScore.Of(Patients, image => Present(image) is { } present ? of(Called(image), present) : (0, 0));
    }
}
