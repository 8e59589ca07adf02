using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Tests.Evaluation.Cases;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class ComparisonTests
{
    // class 0 is called where the function says so
    private static float[,] Matrix(int images, Func<int, bool> isZero)
    {
        var probabilities = new float[images, 2];
        for (var image = 0; image < images; image++)
            probabilities[image, isZero(image) ? 0 : 1] = 1;
        return probabilities;
    }

    private static byte[,] Alternating(int images)
    {
        var labels = new byte[images, 1];
        for (var image = 0; image < images; image++)
            labels[image, 0] = (byte)(image % 2);
        return labels;
    }

    private static Comparison Of(int seeds, Patients? patients = null) => Comparison.Between(
        [.. Enumerable.Range(0, seeds).Select(seed => new ComparedTrainings(seed, seed, ReaderStudy.Score(Metric.RocAuc, 0, seed, patients), ReaderStudy.Score(Metric.RocAuc, 1, seed, patients)))])!;

    [Fact]
    public void Ten_seeds_have_an_interval_of_seeds_and_patients_beside_one_of_seeds()
    {
        var ten = Of(10);
        Assert.Equal(-0.04265046296296304, ten.Difference, 1e-15);
        Assert.Equal(ten.First - ten.Second, ten.Difference);
        Assert.Equal((10, 10, 60, false), (ten.Trainings, ten.Total, ten.Patients.Count, ten.Patients.AreKnown));
        // no less than what patients vary these very trainings, see RandomEffectsTests for where that is less than the rest
        Assert.Equal(0.0106218, ten.Effects!.StandardError, 1e-6);
        Assert.True(ten.Interval95!.Low < ten.OverSeeds.Interval95!.Low);
        Assert.InRange(ten.Effects.DifferenceAt(0.9).Low, ten.Interval95.Low, ten.Difference);
        // the first way is the better one with one of ten seeds
        Assert.Equal((0.1, 10), (ten.Beats.Probability, ten.Beats.Seeds));
    }

    [Fact]
    public void Fewer_than_five_seeds_have_a_difference_and_no_interval()
    {
        var four = Of(4);
        Assert.NotEqual(0, four.Difference);
        Assert.Null(four.Interval95);
        Assert.Null(four.PValue);
        Assert.Null(four.Bootstrap(100));
        Assert.NotNull(Of(5).Interval95);
    }

    [Fact]
    public void Seeds_that_are_crossed_with_draws_need_five_of_both()
    {
        (int Seed, int Draw)[] Crossed(int seeds, int draws) => [.. from seed in Enumerable.Range(0, seeds) from draw in Enumerable.Range(0, draws) select (seed, draw)];
        Assert.Equal([false, true, true], new[] { (5, 5), (4, 6), (6, 4) }.Select(of => Comparison.AreFewSeeds(Crossed(of.Item1, of.Item2))));
        // one draw for all, one seed on several draws, and a draw for each seed
        Assert.Equal([false, true, false, true], new[] { (5, 1), (4, 1), (1, 5), (1, 4) }.Select(of => Comparison.AreFewSeeds(Crossed(of.Item1, of.Item2))));
        Assert.False(Comparison.AreFewSeeds([.. Enumerable.Range(0, 5).Select(seed => (seed, seed))]));
        Assert.True(Comparison.AreFewSeeds([.. Enumerable.Range(0, 4).Select(seed => (seed, seed))]));
        var pairs = Crossed(3, 4).Select(of => new ComparedTrainings(of.Seed, of.Draw, ReaderStudy.Score(Metric.RocAuc, 0, of.Seed + 3 * of.Draw), ReaderStudy.Score(Metric.RocAuc, 1, of.Seed + 3 * of.Draw)));
        Assert.Null(Comparison.Between([.. pairs])!.Interval95);
    }

    [Fact]
    public void Fewer_than_ten_patients_of_a_class_have_no_interval()
    {
        // 24 positives of nine patients
        long[] patients = [.. Enumerable.Range(0, 60).Select(image => ReaderStudy.IsPositive(image) ? image % 9L : 100L + image)];
        Assert.Null(Of(5, Patients.Of(patients, 60)).Interval95);
        long[] ten = [.. Enumerable.Range(0, 60).Select(image => ReaderStudy.IsPositive(image) ? image / 5 % 10L : 100L + image)];
        Assert.NotNull(Of(5, Patients.Of(ten, 60)).Interval95);
    }

    [Fact]
    public void Seeds_without_a_score_are_counted_and_left_out()
    {
        var score = ReaderStudy.Score(Metric.RocAuc, 0, 0);
        var some = Comparison.Between([new(0, 0, score, null), new(1, 1, score, ReaderStudy.Score(Metric.RocAuc, 1, 0)), new(2, 2, null, null)])!;
        Assert.Equal((1, 3), (some.Trainings, some.Total));
        Assert.Null(Comparison.Between([new(0, 0, score, null)]));
    }

    [Fact]
    public void Ways_that_say_the_same_of_every_image_are_not_told_apart()
    {
        var same = Comparison.Between([.. Enumerable.Range(0, 6).Select(seed => new ComparedTrainings(seed, seed, ReaderStudy.Score(Metric.RocAuc, 0, seed), ReaderStudy.Score(Metric.RocAuc, 0, seed)))])!;
        Assert.Equal((0, null, null), (same.Difference, same.Interval95, same.PValue));
        Assert.Equal(0.5, same.Beats.Probability);
    }

    [Fact]
    public void Bootstrap_draws_seeds_and_patients_and_is_near()
    {
        var ten = Of(10);
        var (bootstrap, primary) = (ten.Bootstrap(2000)!, ten.Interval95!);
        Assert.Equal(bootstrap, ten.Bootstrap(2000));
        Assert.InRange(bootstrap.Low, primary.Low - 0.03, primary.Low + 0.01);
        Assert.InRange(bootstrap.High, primary.High - 0.01, primary.High + 0.03);
    }

    [Fact]
    public void Bootstrap_draws_seeds()
    {
        // of each way five trainings whose predictions are the same on every image, but for one seed in which the first is always right: patients
        // alone would give no length, as all are alike
        CaseScore Of(bool isRight) => CaseScores.OfClasses(
            Metric.Accuracy, Matrix(40, image => isRight || image % 2 == 0), new byte[40, 1], Patients.Of([.. Enumerable.Range(0, 40).Select(image => image / 2L)], 40))!;
        var comparison = Comparison.Between([.. Enumerable.Range(0, 5).Select(seed => new ComparedTrainings(seed, seed, Of(seed == 0), Of(false)))])!;
        // mean of five draws of .5, 0, 0, 0, 0: the 2.5 and 97.5 percentiles of binomial(5, .2) / 10
        Assert.Equal(new(0, 0.3), comparison.Bootstrap(4000));
    }

    [Fact]
    public void Few_patients_of_either_way_leave_no_interval()
    {
        // precision is of those that are called positive: twenty by one way, nine by the other
        CaseScore Precision(int called) => CaseScores.OfClasses(Metric.Precision, Matrix(40, image => image >= called), Alternating(40), Patients.OfImages(40))!;
        Comparison Between(int first, int second) => Comparison.Between([.. Enumerable.Range(0, 5).Select(seed => new ComparedTrainings(seed, seed, Precision(first + seed), Precision(second)))])!;
        Assert.NotNull(Between(20, 12).Interval95);
        Assert.Null(Between(20, 9).Interval95);
        Assert.Null(Between(5, 20).Interval95);
        Assert.True(Between(5, 20).HasFewPatients);
        Assert.Null(ModelDifference.Of(Precision(9), Precision(20)).Interval95);
        Assert.Null(ModelDifference.Of(Precision(20), Precision(9)).Interval95);
        Assert.NotNull(ModelDifference.Of(Precision(20), Precision(12)).Interval95);
    }

    [Fact]
    public void Scores_have_intervals_of_what_they_are_of()
    {
        // pROC's variance on the logit scale, see ProportionIntervalTests
        var model = ScoreEstimate.OfModel(ReaderStudy.Score(Metric.RocAuc, 0, 0));
        Assert.Equal(0.53312670435356, model.Interval95!.Low, 1e-12);
        // MRMCaov's standard error .0654582 of five seeds, its variance .00428478 of which .00032169 are of seeds: df .00428478^2 /
        // (.00032169^2 / 4 + .00396309^2 / 23) = 25.9; logit .9595408 -+ 2.0558 .0654582 / (.7230324 .2769676)
        var five = ScoreEstimate.OfTrainings([.. Enumerable.Range(0, 5).Select(seed => (seed, seed, ReaderStudy.Score(Metric.RocAuc, 0, seed)))]);
        Assert.Equal(0.7230324074074074, five.Value, 1e-15);
        Assert.Equal(0.5714, five.Interval95!.Low, 1e-4);
        Assert.Equal(0.8363, five.Interval95.High, 1e-4);
        Assert.Null(ScoreEstimate.OfTrainings([(0, 0, ReaderStudy.Score(Metric.RocAuc, 0, 0))]).Interval95);
    }
}
