using FsCheck;
using FsCheck.Xunit;
using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Tests.Evaluation.Classification;

/// <summary>Oracle: scikit-learn 1.2.1, sklearn.metrics imported as m, on the numbers of each test as np.float32.</summary>
[Properties(Replay = "1982,29")]
public sealed class ClassificationScoresTests
{
    private const double Exact = 1e-15;

    [Fact]
    public void Two_classes_are_scored_by_class_one()
    {
        float[] p = [.9f, .8f, .6f, .6f, .5f, .4f, .4f, .3f, .2f, .1f];

        var scores = ClassificationScores.OfClasses(TwoColumns(p), Column(1, 1, 0, 1, 1, 0, 1, 0, 0, 0));

        // pred = p > .5; m.accuracy_score(y, pred), m.balanced_accuracy_score, m.recall_score, m.recall_score(pos_label=0),
        // m.precision_score, m.f1_score; m.roc_auc_score(y, p); m.average_precision_score(y, p), m.matthews_corrcoef(y, pred),
        // m.brier_score_loss(y, p.astype(float))
        Assert.Equal(10, scores.Images);
        Assert.Equal(0.7, scores.Accuracy, Exact);
        Assert.Equal(0.7, scores.BalancedAccuracy!.Value, Exact);
        Assert.Equal(0.6, scores.Sensitivity!.Value, Exact);
        Assert.Equal(0.8, scores.Specificity!.Value, Exact);
        Assert.Equal(0.75, scores.Precision!.Value, Exact);
        Assert.Equal(0.66666666666666652, scores.F1!.Value, Exact);
        Assert.Equal(0.88, scores.RocAuc!.Value, Exact);
        Assert.Equal(1, scores.RocAucTerms);
        Assert.Equal(0.8528571428571429, scores.AveragePrecision!.Value, Exact);
        Assert.Equal(0.408248290463863, scores.Mcc!.Value, Exact);
        Assert.Equal(0.14800000157952328, scores.BrierScore, Exact);
    }

    // Oracle: the same with y and the columns changed over, but for the tie at .5, which is class 0's both times
    [Fact]
    public void Two_classes_are_scored_by_the_one_that_is_positive()
    {
        float[] p = [.9f, .8f, .6f, .6f, .5f, .4f, .4f, .3f, .2f, .1f];
        var labels = Column(1, 1, 0, 1, 1, 0, 1, 0, 0, 0);

        var (of1, of0) = (ClassificationScores.OfClasses(TwoColumns(p), labels), ClassificationScores.OfClasses(TwoColumns(p), labels, positive: 0));

        Assert.Equal((1, 0), (of1.PositiveClass, of0.PositiveClass));
        Assert.Equal((0.8, 0.6), (of0.Sensitivity!.Value, of0.Specificity!.Value));
        // m.precision_score(y, pred, pos_label=0), m.f1_score(y, pred, pos_label=0), m.average_precision_score(1 - y, 1 - p)
        Assert.Equal(0.66666666666666663, of0.Precision!.Value, Exact);
        Assert.Equal(0.72727272727272729, of0.F1!.Value, Exact);
        Assert.Equal((of1.Accuracy, of1.BalancedAccuracy, of1.RocAuc, of1.Mcc, of1.BrierScore), (of0.Accuracy, of0.BalancedAccuracy, of0.RocAuc, of0.Mcc, of0.BrierScore));
        Assert.NotEqual(of1.AveragePrecision, of0.AveragePrecision);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassificationScores.OfClasses(TwoColumns(p), labels, positive: 2));
    }

    [Fact]
    public void More_classes_are_scored_each_against_the_rest()
    {
        float[,] p =
        {
            { .7f, .2f, .1f }, { .4f, .4f, .2f }, { .1f, .6f, .3f }, { .2f, .5f, .3f },
            { .3f, .3f, .4f }, { .1f, .1f, .8f }, { .5f, .25f, .25f }, { .2f, .2f, .6f },
        };

        var scores = ClassificationScores.OfClasses(p, Column(0, 0, 1, 2, 2, 2, 1, 1));

        // q = p.argmax(1); m.accuracy_score(y, q), m.balanced_accuracy_score, m.recall_score(average="macro"),
        // np.mean([c[0, 0] / c[0].sum() for c in m.multilabel_confusion_matrix(y, q)]), m.precision_score(average="macro"),
        // m.f1_score(average="macro"); np.mean([m.roc_auc_score(y == k, p[:, k]) for k in range(3)]), the same of
        // m.average_precision_score; m.matthews_corrcoef(y, q); sum(m.brier_score_loss(y == k, p[:, k].astype(float)) for k in range(3)) / 2
        Assert.Equal(0.625, scores.Accuracy, Exact);
        Assert.Equal(0.66666666666666663, scores.BalancedAccuracy!.Value, Exact);
        Assert.Equal(0.66666666666666663, scores.Sensitivity!.Value, Exact);
        Assert.Equal(0.81111111111111123, scores.Specificity!.Value, Exact);
        Assert.Equal(0.611111111111111, scores.Precision!.Value, Exact);
        Assert.Equal(0.62222222222222223, scores.F1!.Value, Exact);
        Assert.Equal(0.77222222222222214, scores.RocAuc!.Value, Exact);
        Assert.Equal(3, scores.RocAucTerms);
        Assert.Equal(0.7328042328042329, scores.AveragePrecision!.Value, Exact);
        Assert.Equal(0.4523809523809524, scores.Mcc!.Value, Exact);
        Assert.Equal(0.26593750052154075, scores.BrierScore, Exact);
    }

    [Fact]
    public void Findings_are_scored_at_one_half_and_the_one_that_never_occurs_is_left_out()
    {
        float[,] p = { { .9f, .2f, .1f }, { .5f, .7f, .2f }, { .6f, .4f, .3f }, { .2f, .8f, .6f }, { .1f, .4f, .4f }, { .7f, .1f, .2f } };
        byte[,] y = { { 1, 0, 0 }, { 1, 1, 0 }, { 0, 1, 0 }, { 0, 1, 0 }, { 0, 0, 0 }, { 1, 0, 0 } };

        var scores = ClassificationScores.OfFindings(p, y);

        // q = p > .5; np.mean over k of m.accuracy_score(y[:, k], q[:, k]) and so on: over k = 0, 1, 2 for accuracy_score,
        // recall_score(pos_label=0), precision_score, f1_score and brier_score_loss, over k = 0, 1 for balanced_accuracy_score, recall_score,
        // roc_auc_score, average_precision_score, matthews_corrcoef
        Assert.Equal(0.77777777777777768, scores.Accuracy, Exact);
        Assert.Equal(0.75, scores.BalancedAccuracy!.Value, Exact);
        Assert.Equal(0.66666666666666663, scores.Sensitivity!.Value, Exact);
        Assert.Equal(0.83333333333333337, scores.Specificity!.Value, Exact);
        Assert.Equal(0.55555555555555547, scores.Precision!.Value, Exact);
        Assert.Equal(0.48888888888888893, scores.F1!.Value, Exact);
        Assert.Equal(0.91666666666666674, scores.RocAuc!.Value, Exact);
        Assert.Equal(2, scores.RocAucTerms);
        Assert.Equal(0.9166666666666665, scores.AveragePrecision!.Value, Exact);
        Assert.Equal(0.5202200572599405, scores.Mcc!.Value, Exact);
        Assert.Equal(0.12000000481804224, scores.BrierScore, Exact);
    }

    [Fact]
    public void Equally_probable_classes_are_answered_with_the_first() =>
        Assert.Equal(1, ClassificationScores.OfClasses(TwoColumns([.5f, .5f]), Column(0, 0)).Accuracy);

    [Fact]
    public void Finding_at_the_threshold_is_not_called() =>
        Assert.Equal(1, ClassificationScores.OfFindings(new[,] { { .5f } }, Column(0)).Accuracy);

    [Fact]
    public void Figures_that_are_undefined_are_missing()
    {
        var scores = ClassificationScores.OfClasses(TwoColumns([.1f, .2f]), Column(0, 0));

        Assert.Equal(1, scores.Accuracy);
        Assert.Equal(1, scores.Specificity);
        Assert.Null(scores.BalancedAccuracy);
        Assert.Null(scores.Sensitivity);
        Assert.Null(scores.Precision);
        Assert.Null(scores.F1);
        Assert.Null(scores.RocAuc);
        Assert.Equal(0, scores.RocAucTerms);
        Assert.Null(scores.AveragePrecision);
        Assert.Null(scores.Mcc);
    }

    [Fact]
    public void Correlation_of_many_classes_is_missing_where_all_answers_are_the_same()
    {
        float[,] p = { { .8f, .1f, .1f }, { .6f, .3f, .1f } };

        Assert.Null(ClassificationScores.OfClasses(p, Column(0, 1)).Mcc);
    }

    [Fact]
    public void Brier_score_of_certain_and_wrong_answers_is_one_for_any_number_of_classes()
    {
        Assert.Equal(1, ClassificationScores.OfClasses(TwoColumns([1, 0]), Column(0, 1)).BrierScore);
        Assert.Equal(1, ClassificationScores.OfClasses(new float[,] { { 1, 0, 0 }, { 0, 0, 1 } }, Column(1, 0)).BrierScore);
    }

    [Fact]
    public void Class_that_never_occurs_is_left_out_of_means()
    {
        float[,] p = { { .8f, .1f, .1f }, { .1f, .8f, .1f }, { .6f, .3f, .1f } };

        var scores = ClassificationScores.OfClasses(p, Column(0, 1, 1));

        Assert.Equal(0.75, scores.BalancedAccuracy);
        Assert.Equal(0.75, scores.Sensitivity);
        Assert.Equal(2, scores.RocAucTerms);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Prediction_that_is_not_finite_is_refused(float bad)
    {
        var error = Assert.Throws<MedTransferException>(() => ClassificationScores.OfFindings(new[,] { { .5f, .5f }, { .5f, bad } }, new byte[2, 2]));

        Assert.Contains("image 1 for output 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("diverged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logits_are_refused() =>
        Assert.Throws<ArgumentException>(() => ClassificationScores.OfFindings(new[,] { { 3.5f } }, Column(1)));

    [Fact]
    public void Label_without_an_output_is_refused()
    {
        var error = Assert.Throws<MedTransferException>(() => ClassificationScores.OfClasses(TwoColumns([.5f, .5f]), Column(0, 2)));

        Assert.Contains("Label 0 of image 1 is 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_of_other_images_than_the_labels_are_refused() =>
        Assert.Throws<ArgumentException>(() => ClassificationScores.OfClasses(TwoColumns([.5f, .5f]), Column(0)));

    [Fact]
    public void No_images_are_refused() =>
        Assert.Throws<MedTransferException>(() => ClassificationScores.OfClasses(new float[0, 2], new byte[0, 1]));

    [Property]
    public bool Every_figure_lies_between_zero_and_one(NonEmptyArray<int> images)
    {
        var (p, y) = Findings(images.Get);
        var scores = ClassificationScores.OfFindings(p, y);
        double?[] figures =
        [
            scores.Accuracy, scores.BalancedAccuracy, scores.Sensitivity, scores.Specificity, scores.Precision, scores.F1, scores.RocAuc,
            scores.AveragePrecision, scores.BrierScore, (scores.Mcc + 1) / 2,
        ];
        return figures.All(figure => figure is null or (>= 0 and <= 1));
    }

    [Property]
    public bool One_finding_scores_as_two_classes_do(NonEmptyArray<int> images)
    {
        var (p, y) = Findings(images.Get);
        var n = p.GetLength(0);
        var column = Enumerable.Range(0, n).Select(i => p[i, 0]).ToArray();
        var labels = Column([.. Enumerable.Range(0, n).Select(i => y[i, 0])]);

        return ClassificationScores.OfClasses(TwoColumns(column), labels) with { PositiveClass = null }
            == ClassificationScores.OfFindings(TwoColumns(column, first: 1), labels);
    }

    /// <summary>Two findings an image; probabilities are eighths, so that ties and the threshold itself occur.</summary>
    private static (float[,] Probabilities, byte[,] Labels) Findings(int[] seeds)
    {
        var (p, y) = (new float[seeds.Length, 2], new byte[seeds.Length, 2]);
        for (var i = 0; i < seeds.Length; i++)
        {
            var bits = (uint)seeds[i] * 2654435761u;
            (p[i, 0], p[i, 1]) = ((bits >> 29) / 8f, (bits >> 26 & 7) / 8f);
            (y[i, 0], y[i, 1]) = ((byte)(bits >> 25 & 1), (byte)(bits >> 24 & 1));
        }

        return (p, y);
    }

    /// <summary>Rows (1 - p, p); from column 1 on only p.</summary>
    private static float[,] TwoColumns(float[] p, int first = 0)
    {
        var columns = new float[p.Length, 2 - first];
        for (var i = 0; i < p.Length; i++)
        {
            columns[i, 1 - first] = p[i];
            if (first == 0)
                columns[i, 0] = 1 - p[i];
        }

        return columns;
    }

    private static byte[,] Column(params byte[] labels)
    {
        var column = new byte[labels.Length, 1];
        for (var i = 0; i < labels.Length; i++)
            column[i, 0] = labels[i];
        return column;
    }
}
