using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Classification;

namespace MedTransfer.Tests.Evaluation.Cases;

public sealed class CaseScoreTests
{
    // pROC 1.18.0 (R 4.2.2): r <- roc(truth, rating, direction = "<"); auc(r), var(r), cov(r0, r1)
    [Fact]
    public void Auc_has_delongs_variance_and_covariance()
    {
        var (first, second) = (ReaderStudy.Score(Metric.RocAuc, 0, 0), ReaderStudy.Score(Metric.RocAuc, 1, 0));
        Assert.Equal(0.6828703703703703, first.Value, 1e-15);
        Assert.Equal(0.7569444444444444, second.Value, 1e-15);
        Assert.Equal(0.004911726052023959, first.Variance!.Value, 1e-15);
        Assert.Equal(0.003868568361321985, second.Variance!.Value, 1e-15);
        Assert.Equal(0.003766496450297778, first.CovarianceWith(second)!.Value, 1e-15);
    }

    // Obuchowski's formula over all pairs, in NumPy; a bootstrap of 20,000 draws of patients there gives .00386, .00271 and .00257
    [Fact]
    public void Auc_of_patients_with_several_images_has_obuchowskis()
    {
        var (first, second) = (ReaderStudy.Score(Metric.RocAuc, 0, 0, ReaderStudy.Twenty), ReaderStudy.Score(Metric.RocAuc, 1, 0, ReaderStudy.Twenty));
        Assert.Equal(0.6828703703703703, first.Value, 1e-15);
        Assert.Equal(0.003981273239787029, first.Variance!.Value, 1e-15);
        Assert.Equal(0.0028256771973944926, second.Variance!.Value, 1e-15);
        Assert.Equal(0.00274746252568674, first.CovarianceWith(second)!.Value, 1e-15);
        Assert.Equal(0.00274746252568674, second.CovarianceWith(first)!.Value, 1e-15);
    }

    // of n images p (1 - p) / (n - 1), twenty patients' residuals in NumPy
    [Fact]
    public void Accuracy_has_the_variance_of_a_mean_over_patients()
    {
        Assert.Equal(37 / 60.0, ReaderStudy.Score(Metric.Accuracy, 0, 0).Value, 1e-15);
        Assert.Equal(37 / 60.0 * (23 / 60.0) / 59, ReaderStudy.Score(Metric.Accuracy, 0, 0).Variance!.Value, 1e-15);
        Assert.Equal(0.001915204678362573, ReaderStudy.Score(Metric.Accuracy, 0, 0, ReaderStudy.Twenty).Variance!.Value, 1e-15);
    }

    [Theory]
    [InlineData(Metric.Sensitivity)]
    [InlineData(Metric.Specificity)]
    public void Sensitivity_and_specificity_vary_as_proportions_of_their_class(string metric)
    {
        var score = ReaderStudy.Score(metric, 1, 0);
        var images = metric == Metric.Sensitivity ? 24 : 36;
        Assert.Equal(score.Value * (1 - score.Value) / (images - 1), score.Variance!.Value, 1e-15);
    }

    public static TheoryData<string> Metrics => [.. CaseScores.Metrics];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Values_are_those_of_the_tables(string metric)
    {
        // classes, two of them either way round, and findings of which some are unknown
        var random = new Random(7);
        float[,] Random(int columns) => Filled(columns, () => random.NextSingle());
        byte[,] labels = new byte[30, 1], findings = new byte[30, 3];
        for (var image = 0; image < 30; image++)
        {
            labels[image, 0] = (byte)random.Next(3);
            for (var finding = 0; finding < 3; finding++)
                findings[image, finding] = random.Next(4) switch { 0 or 1 => 0, 2 => 1, _ => ClassificationScores.UnknownFinding };
        }

        var (three, two) = (Random(3), Random(2));
        var binary = new byte[30, 1];
        for (var image = 0; image < 30; image++)
            binary[image, 0] = (byte)(labels[image, 0] % 2);
        var patients = Patients.Of([.. Enumerable.Range(0, 30).Select(image => image / 2L)], 30);
        Same(ClassificationScores.OfClasses(three, labels), CaseScores.OfClasses(metric, three, labels, patients));
        Same(ClassificationScores.OfClasses(two, binary, 0), CaseScores.OfClasses(metric, two, binary, patients, 0));
        Same(ClassificationScores.OfClasses(two, binary, 1), CaseScores.OfClasses(metric, two, binary, patients, 1));
        Same(ClassificationScores.OfFindings(three, findings), CaseScores.OfFindings(metric, three, findings, patients));

        void Same(Scores scores, CaseScore? score)
        {
            Assert.Equal(scores.Values[metric]!.Value, score!.Value, 1e-12);
            // and again where each patient is there once, or each twice
            Assert.Equal(score.Value, score.Resampled([.. Enumerable.Repeat(1, patients.Count)])!.Value, 1e-12);
            Assert.Equal(score.Value, score.Resampled([.. Enumerable.Repeat(2, patients.Count)])!.Value, 1e-12);
            Assert.True(score.Variance > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Variance_is_about_that_of_patients_drawn_anew(string metric)
    {
        foreach (var patients in new[] { ReaderStudy.Sixty, ReaderStudy.Twenty })
        {
            var (score, random) = (ReaderStudy.Score(metric, 1, 1, patients), new Random(3));
            var drawn = new List<double>();
            for (var draw = 0; draw < 4000; draw++)
            {
                var times = new int[patients.Count];
                for (var i = 0; i < times.Length; i++)
                    times[random.Next(times.Length)]++;
                if (score.Resampled(times) is { } value)
                    drawn.Add(value);
            }

            var mean = drawn.Average();
            Assert.Equal(1, score.Variance!.Value / drawn.Average(value => (value - mean) * (value - mean)), 0.12);
        }
    }

    [Fact]
    public void Score_of_patients_drawn_anew_is_that_of_their_images()
    {
        int[] times = [.. Enumerable.Range(0, 20).Select(patient => patient % 3)];
        var images = Enumerable.Range(0, 60).SelectMany(image => Enumerable.Repeat(image, times[image / 3])).ToArray();
        Assert.Equal(
            RocAuc.Of([.. images.Select(image => (float)ReaderStudy.Rating(0, 0, image))], [.. images.Select(ReaderStudy.IsPositive)])!.Value,
            ReaderStudy.Score(Metric.RocAuc, 0, 0, ReaderStudy.Twenty).Resampled(times)!.Value,
            1e-15);
        Assert.Null(ReaderStudy.Score(Metric.RocAuc, 0, 0).Resampled([.. Enumerable.Range(0, 60).Select(image => ReaderStudy.IsPositive(image) ? 1 : 0)]));
    }

    [Fact]
    public void Mean_of_scores_varies_with_the_patients_of_all()
    {
        // the AUC of two folds, each of images of its own: independent, so that a quarter of the variances' sum is near
        CaseScore Fold(int fold)
        {
            int[] images = [.. Enumerable.Range(0, 60).Where(image => image % 2 == fold)];
            return AucScore.Of(ReaderStudy.Sixty, image => ReaderStudy.Rating(0, 0, image), image => images.Contains(image) ? ReaderStudy.IsPositive(image) : null)!;
        }

        var mean = CaseScore.MeanOfFolds(Fold(0), Fold(1))!;
        Assert.Equal((Fold(0).Value + Fold(1).Value) / 2, mean.Value, 1e-15);
        Assert.Equal(1, mean.Variance!.Value / ((Fold(0).Variance + Fold(1).Variance) / 4)!.Value, 0.06);
        // twelve positives each: enough together and by themselves, and of the same patients no more than those of one
        Assert.Equal((24, 12), (mean.Deviations!.Fewest, CaseScore.Mean(Fold(0), Fold(1))!.Deviations!.Fewest));
        Assert.Same(mean, CaseScore.Mean(mean));
        Assert.Null(CaseScore.Mean());
    }

    [Fact]
    public void One_patient_of_a_class_has_no_variance()
    {
        var one = CaseScores.OfClasses(Metric.RocAuc, new float[,] { { 0, 1 }, { 0.5f, 0.5f }, { 1, 0 } }, new byte[,] { { 1 }, { 0 }, { 0 } }, Patients.OfImages(3))!;
        Assert.Equal(1, one.Value);
        Assert.Null(one.Variance);
        Assert.Null(one.CovarianceWith(one));
    }

    [Fact]
    public void Undefined_scores_are_null()
    {
        Assert.Null(CaseScores.OfClasses(Metric.RocAuc, new float[,] { { 0, 1 } }, new byte[,] { { 1 } }, Patients.OfImages(1)));
        Assert.Null(CaseScores.OfClasses(Metric.Precision, new float[,] { { 1, 0 } }, new byte[,] { { 1 } }, Patients.OfImages(1)));
        Assert.Null(CaseScores.OfFindings(Metric.Accuracy, new float[,] { { 1 } }, new byte[,] { { ClassificationScores.UnknownFinding } }, Patients.OfImages(1)));
    }

    [Fact]
    public void Patients_are_numbered_in_the_order_of_their_images()
    {
        var patients = Patients.Of([7, 7, -3, 9, -3], 5);
        Assert.Equal([0, 0, 1, 2, 1], Enumerable.Range(0, 5).Select(image => patients[image]));
        Assert.Equal((3, 5, true, false), (patients.Count, patients.Images, patients.AreKnown, patients.HaveOneImageEach));
        Assert.Equal((4, false, true), (Patients.Of(null, 4).Count, Patients.Of(null, 4).AreKnown, Patients.Of(null, 4).HaveOneImageEach));
        Assert.Throws<ArgumentException>(() => Patients.Of([1, 2], 3));
    }

    private static float[,] Filled(int columns, Func<float> value)
    {
        var matrix = new float[30, columns];
        for (var image = 0; image < 30; image++)
        {
            for (var column = 0; column < columns; column++)
                matrix[image, column] = value();
        }

        return matrix;
    }
}
