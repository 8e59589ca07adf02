using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Tests.Evaluation.Cases;

namespace MedTransfer.Tests.Evaluation.Comparisons;

public sealed class RandomEffectsTests
{
    private static RandomEffects.Pair Pair(int seed) => new(seed, seed, ReaderStudy.VariedAuc(0, seed), ReaderStudy.VariedAuc(1, seed));

    private static RandomEffects Difference(int seeds) => RandomEffects.OfDifference([.. Enumerable.Range(0, seeds).Select(Pair)])!;

    // MRMCaov 0.3.0 (R 4.2.2): summary(mrmc(empirical_auc(truth, rating), treatment, reader, case, cov = DeLong))$test_diffs
    [Fact]
    public void Difference_is_that_of_obuchowski_and_rockette()
    {
        var ten = Difference(10);
        Assert.Equal(-0.06238425925925928, ten.Mean, 1e-15);
        Assert.Equal(0.03815454233918281, ten.StandardError, 1e-15);
        Assert.True(ten.PatientVariance > 0);
        // with patients taken to be many, as there
        var asHillis = ten with { PatientDegrees = double.PositiveInfinity };
        Assert.Equal(43.99546778462314, asHillis.DegreesOfFreedom, 1e-9);
        Assert.Equal(-0.13927991044358512, asHillis.DifferenceAt(0.95).Low, 1e-12);
        Assert.Equal(0.01451139192506655, asHillis.DifferenceAt(0.95).High, 1e-12);
        Assert.Equal(0.1091762635409734, asHillis.PValue, 1e-12);
    }

    [Fact]
    public void Errors_that_cancel_on_the_images_at_hand_still_vary_with_patients()
    {
        // ten patients of each of three classes; each training answers one class alone, the ways another, so that every accuracy is 1 / 3
        byte[,] labels = new byte[30, 1];
        for (var image = 0; image < 30; image++)
            labels[image, 0] = (byte)(image % 3);
        CaseScore Always(int answer)
        {
            var probabilities = new float[30, 3];
            for (var image = 0; image < 30; image++)
                probabilities[image, answer % 3] = 1;
            return CaseScores.OfClasses(Metric.Accuracy, probabilities, labels, Patients.OfImages(30))!;
        }

        var effects = RandomEffects.OfDifference([.. Enumerable.Range(0, 5).Select(seed => new RandomEffects.Pair(seed, seed, Always(seed), Always(seed + 1)))])!;
        // the mean difference is .2 for the ten of class 0, 0 for those of 1, -.2 for those of 2: sqrt(20 (.2 / 30)^2 30 / 29)
        Assert.Equal((0, 0), (effects.Mean, effects.SeedVariance));
        Assert.Equal(Math.Sqrt(20 * 0.04 / 900 * 30 / 29), effects.StandardError, 1e-12);
    }

    // of 40 patients in two folds each repeat has ten whom the first way alone has right and ten whom the second alone has; the repeats have so many of these twenty in common
    [Theory]
    [InlineData(16, 16 + 4)]
    [InlineData(8, 8 + 8)]
    public void Patients_of_folds_count_as_those_that_were_learned_from_too(int common, int sum)
    {
        CaseScore Fold(bool[] right, int fold)
        {
            int[] own = [.. Enumerable.Range(0, 40).Where(patient => patient % 2 == fold)];
            var probabilities = new float[20, 2];
            for (var image = 0; image < 20; image++)
                probabilities[image, right[own[image]] ? 0 : 1] = 1;
            return CaseScores.OfClasses(Metric.Accuracy, probabilities, new byte[20, 1], Patients.OfImages(40).Subset(own))!;
        }

        CaseScore Way(Func<int, bool> isWrong)
        {
            var right = Enumerable.Range(0, 40).Select(patient => !isWrong(patient)).ToArray();
            return CaseScore.MeanOfFolds(Fold(right, 0), Fold(right, 1))!;
        }

        RandomEffects.Pair Repeat(int seed, int from)
        {
            var places = Enumerable.Range(from, 10).ToHashSet();
            return new(seed, seed, Way(patient => places.Contains(patient - 20)), Way(places.Contains));
        }

        var effects = RandomEffects.OfDifference([Repeat(0, 0), Repeat(1, 10 - common / 2)])!;
        Assert.Equal((0, 0), (effects.Mean, effects.SeedVariance));
        Assert.Equal(sum / 1600.0 * 40 / 39, effects.PatientVariance, 1e-15);
    }

    // $test_means of that call: Estimate, StdErr, df
    [Theory]
    [InlineData(0, 0.7230324074074074, 0.06545823273184280, 709.6481127380246)]
    [InlineData(1, 0.7733796296296296, 0.05753133990674399, 9419.7943288227143)]
    public void Score_of_one_way_is_theirs_too(int way, double mean, double error, double freedom)
    {
        var score = RandomEffects.OfScore([.. Enumerable.Range(0, 5).Select(seed => (seed, seed, ReaderStudy.Score(Metric.RocAuc, way, seed)))])!;
        Assert.Equal(mean, score.Mean, 1e-15);
        Assert.Equal(error, score.StandardError, 1e-15);
        Assert.Equal(1, (score with { PatientDegrees = double.PositiveInfinity }).DegreesOfFreedom / freedom, 1e-9);
    }

    [Fact]
    public void Degrees_of_freedom_of_patients_are_those_of_the_rarer_class()
    {
        Assert.Equal((9, 23), (Difference(10).SeedDegrees, Difference(10).PatientDegrees));
        // V_seeds = 3, V_patients = 1: 16 / (9 / 4 + 1 / 8)
        Assert.Equal(16 / 2.375, new RandomEffects(0, 5, 3, 1, 4, 8).DegreesOfFreedom, 1e-12);
    }

    [Fact]
    public void Seeds_that_change_nothing_leave_the_difference_of_two_models()
    {
        var (first, second) = (ReaderStudy.Score(Metric.RocAuc, 0, 0), ReaderStudy.Score(Metric.RocAuc, 1, 0));
        var same = RandomEffects.OfDifference([.. Enumerable.Range(0, 6).Select(seed => new RandomEffects.Pair(seed, seed, first, second))])!;
        Assert.Equal(ModelDifference.Of(first, second).StandardError!.Value, same.StandardError, 1e-12);
        Assert.Equal(0, same.SeedVariance);
    }

    [Fact]
    public void Equal_ways_and_single_seeds_have_no_error()
    {
        var first = ReaderStudy.Score(Metric.RocAuc, 0, 0);
        Assert.Null(RandomEffects.OfDifference([.. Enumerable.Range(0, 6).Select(seed => new RandomEffects.Pair(seed, seed, first, first))]));
        Assert.Null(RandomEffects.OfDifference([Pair(0)]));
    }

    [Fact]
    public void Intervals_are_cut_off_at_the_ends_of_the_range()
    {
        var wide = new RandomEffects(0.5, 5, 0.2, 0.1, 4, 20);
        Assert.Equal(1, wide.DifferenceAt(0.95).High);
        Assert.InRange(wide.DifferenceAt(0.9).Low, wide.DifferenceAt(0.95).Low, 0.5);
    }
}
