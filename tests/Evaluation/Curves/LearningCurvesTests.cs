using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Curves;

namespace MedTransfer.Tests.Evaluation.Curves;

/// <summary>Curves of two ways on the same forty patients, half of them positive.</summary>
public sealed class LearningCurvesTests
{
    private const int Patients = 40;

    private static readonly Patients All = MedTransfer.Evaluation.Cases.Patients.OfImages(Patients);

    [Fact]
    public void Images_are_read_off_between_sizes_and_extrapolated_beyond()
    {
        var curves = Curves(new() { ["slow"] = [0.55, 0.6, 0.7, 0.8], ["fast"] = [0.6, 0.7, 0.8, 0.85] })!;

        Assert.Equal(240, curves.Largest);
        // below the last of its sizes: 120 images have it already
        Assert.Equal(0.8, curves["fast"].At(120), 0.02);
        var within = curves.ImagesNeeded("fast", "slow");
        Assert.Equal(120, within.Images);
        Assert.InRange(within.Low, 30, 120);
        Assert.True(within.High >= 120);
        var beyond = curves.ImagesNeeded("slow", "fast");
        Assert.Equal(curves["slow"].ImagesFor(0.85), beyond.Images, 1e-6);
        Assert.InRange(beyond.Images, 241, 1000);
        Assert.True(beyond.Low < beyond.Images && beyond.Images < beyond.High);
    }

    [Fact]
    public void Scores_are_those_of_the_curve_within_what_seeds_and_patients_vary()
    {
        var curves = Curves(new() { ["way"] = [0.55, 0.65, 0.75, 0.8] })!;

        var score = curves.ScoreOf("way", 480);
        Assert.Equal(curves["way"].At(480), score.Score, 1e-12);
        Assert.InRange(score.Score, score.Range95.Low, score.Range95.High);
        // an AUC of .8 of twenty and twenty has a standard error of .07
        Assert.InRange(score.Range95.High - score.Range95.Low, 0.1, 0.5);
        var gain = curves.GainOf("way", 240, 480);
        Assert.Equal(curves["way"].At(480) - curves["way"].At(240), gain.Score, 1e-12);
        Assert.True(gain.Range95.Low >= 0);
    }

    [Fact]
    public void Same_seed_gives_the_same_intervals()
    {
        Dictionary<string, double[]> ways = new() { ["way"] = [0.55, 0.65, 0.75, 0.8] };

        Assert.Equal(Curves(ways)!.ScoreOf("way", 480), Curves(ways)!.ScoreOf("way", 480));
    }

    [Fact]
    public void Way_that_is_worse_at_its_best_never_gets_there()
    {
        var curves = Curves(new() { ["flat"] = [0.6, 0.6, 0.6, 0.6], ["good"] = [0.8, 0.9, 0.95, 0.95] })!;

        Assert.Equal(double.PositiveInfinity, curves.ImagesNeeded("flat", "good").High);
        Assert.Equal(30, curves.ImagesNeeded("good", "flat").Images);
    }

    [Fact]
    public void Patients_drawn_again_change_a_score_to_first_order_as_they_do_in_all()
    {
        var score = Score(0.8);
        int[] once = [.. Enumerable.Repeat(1, Patients)];
        Assert.Equal(0.8, score.Linearised(once)!.Value, 1e-12);
        // one of the twenty positives, all of which are alike, in another's place changes nothing
        int[] other = [.. once];
        (other[20], other[21]) = (0, 2);
        Assert.Equal(0.8, score.Linearised(other)!.Value, 1e-12);
        // the lowest negative, which every positive is above, in place of the highest: a twentieth of the pairs is won
        (other[0], other[19]) = (2, 0);
        Assert.Equal(0.85, score.Linearised(other)!.Value, 1e-12);
        Assert.Equal(0.85, score.Resampled(other)!.Value, 1e-12);
    }

    private static LearningCurves? Curves(Dictionary<string, double[]> ways)
    {
        int[] sizes = [30, 60, 120, 240];
        return LearningCurves.Of(
            ways.ToDictionary(way => way.Key, way => (IReadOnlyList<CurveTraining>)[.. sizes.SelectMany((images, place) => Enumerable.Range(0, 5).Select(seed => new CurveTraining(images, seed, Score(way.Value[place]))))]),
            resamples: 200);
    }

    // of twenty positives above twenty negatives each that share of the four hundred pairs
    private static CaseScore Score(double auc)
    {
        var (probabilities, labels) = (new float[Patients, 2], new byte[Patients, 1]);
        for (var image = 0; image < Patients; image++)
        {
            // negatives at 0, 1, ..., 19; each positive lies above as many of them as the AUC says
            var score = image < 20 ? image + 0.5f : (float)(20 * auc);
            (probabilities[image, 1], labels[image, 0]) = (score / 40, (byte)(image < 20 ? 0 : 1));
            probabilities[image, 0] = 1 - probabilities[image, 1];
        }

        return CaseScores.OfClasses(Metric.RocAuc, probabilities, labels, All)!;
    }
}
