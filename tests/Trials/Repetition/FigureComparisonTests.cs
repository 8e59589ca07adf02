using MedTransfer.Evaluation;
using MedTransfer.Tests.Scripts;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Trials;
using MedTransfer.Trials.Repetition;

namespace MedTransfer.Tests.Trials.Repetition;

/// <summary>Figures of hand-made predictions and of a small autoencoder.</summary>
[Collection(OneAtATime.Name)]
public sealed class FigureComparisonTests : IDisposable
{
    private readonly HandMadeOutcomes trials = new();
    private readonly SquaresTrials squares = new();

    public void Dispose()
    {
        trials.Dispose();
        squares.Dispose();
    }

    [Fact]
    public void Accuracy_and_auc_stand_beside_the_interval_of_the_original_over_test_images()
    {
        // of 100 images 80 are answered rightly; then 2 fewer
        var figures = FigureComparison.Of(Of("original", wrong: 20), Of("repeated", wrong: 22), _ => throw new InvalidOperationException("no data is read"));

        Assert.Equal([Metric.Accuracy, Metric.RocAuc], figures.Select(figure => figure.Metric));
        Assert.Equal((.8, .78), (figures[0].Original, figures[0].Repeated));
        // scipy 1.17: binom.ppf([.025, .975], 100, .8) / 100
        Assert.Equal(.72, figures[0].Sampling!.Low, .011);
        Assert.Equal(.87, figures[0].Sampling!.High, .011);
        Assert.True(figures[0].Agrees);
        Assert.InRange(figures[1].Sampling!.High - figures[1].Sampling!.Low, .1, .25);
        Assert.True(figures[1].Sampling!.Contains(figures[1].Original!.Value));
    }

    [Fact]
    public void Figure_that_is_the_same_needs_no_interval()
    {
        var figures = FigureComparison.Of(Of("original", wrong: 20), Of("repeated", wrong: 20), _ => throw new InvalidOperationException());
        Assert.All(figures, figure => Assert.Equal((null, true), (figure.Sampling, figure.Agrees)));
    }

    [Fact]
    public void Figure_that_the_originals_predictions_do_not_give_has_no_interval()
    {
        var (original, repeated) = (Of("original", wrong: 20), Of("repeated", wrong: 22));
        var scores = original.Metrics.Test!.Scores;
        var claimed = original with
        {
            Metrics = original.Metrics with { Test = original.Metrics.Test with { Scores = scores with { Values = new([new(Metric.Accuracy, .81), new(Metric.RocAuc, scores.RocAuc)]) } } },
        };

        Assert.Equal([null, true], FigureComparison.Of(claimed, repeated, _ => throw new InvalidOperationException()).Select(figure => figure.Agrees));
    }

    [Fact]
    public void Findings_are_judged_by_the_scores_of_their_task()
    {
        // two findings of 60 images; the second is told rightly of all, the first of two in three; the standard error of the mean is half that of 2 / 3 of 60, sqrt(2 / 9 / 59) / 2 = .03069;
        // logit 1.6094 -+ 1.96 .03069 / (5 / 36)
        byte[,] labels = new byte[60, 2];
        float[,] probabilities = new float[60, 2];
        for (var i = 0; i < 60; i++)
        {
            (labels[i, 0], labels[i, 1]) = ((byte)(i % 2), (byte)(i % 4 / 2));
            (probabilities[i, 0], probabilities[i, 1]) = ((labels[i, 0] == 1) == i >= 20 ? .75f : .25f, labels[i, 1]);
        }

        var split = HandMadeSplit.OfFindings(labels, probabilities);
        var original = trials.Result("findings", 0, new() { Train = split, Validation = split, Test = split });
        original = original with { Metrics = original.Metrics with { Task = MedTransfer.Data.LabelTask.MultiLabel } };
        var accuracy = FigureComparison.Of(original, Of("repeated", wrong: 22), _ => throw new InvalidOperationException())[0];

        Assert.Equal(5 / 6.0, accuracy.Original!.Value, 1e-12);
        Assert.Equal(.7643, accuracy.Sampling!.Low, 1e-3);
        Assert.Equal(.8852, accuracy.Sampling!.High, 1e-3);
    }

    [Fact]
    public void Largest_difference_of_a_test_probability_is_found_where_the_images_are_the_same()
    {
        var original = Of("original", wrong: 20);
        Assert.Equal(0, FigureComparison.ProbabilityDifference(original, Of("same", wrong: 20)));
        Assert.Equal(.5, FigureComparison.ProbabilityDifference(original, Of("other", wrong: 21))!.Value, 1e-6);
        Assert.Null(FigureComparison.ProbabilityDifference(original, Of("fewer", wrong: 20, count: 90)));
    }

    [Fact]
    public void Predictions_that_cannot_be_read_leave_the_figures_without_interval()
    {
        var (original, repeated) = (Of("original", wrong: 20), Of("repeated", wrong: 30));
        File.WriteAllText(original.Folder.PredictionsPath, "split,index,label,p0,p1\ntest,0,0,x,0\n");

        Assert.All(FigureComparison.Of(original, repeated, _ => throw new InvalidOperationException()), figure => Assert.Equal((null, null), (figure.Sampling, figure.Agrees)));
        Assert.Null(FigureComparison.ProbabilityDifference(original, repeated));
    }

    [Fact]
    public void Error_of_an_autoencoder_has_the_interval_of_a_mean_over_its_images()
    {
        var original = squares.Run(new Trial(squares.Spec with { Objective = Objective.Reconstruction }, "autoencoder"))[0];
        var values = original.Metrics.Test!.Scores.Values;
        var other = original with
        {
            Metrics = original.Metrics with
            {
                Test = original.Metrics.Test with { Scores = new() { Images = 20, Values = new([new(Metric.Mse, values[Metric.Mse] * 2), new(Metric.Ssim, .5)]) } },
            },
        };
        using var data = squares.Source.Load();
        using var drawn = original.Folder.ReadReconstructions();
        var errors = Enumerable.Range(0, 20).Select(image =>
            data.Test.Images[image].to(TorchSharp.torch.ScalarType.Float64).sub(drawn.Images[image].to(TorchSharp.torch.ScalarType.Float64)).data<double>().Average(difference => difference * difference) / 65025).ToList();
        var deviation = Math.Sqrt(errors.Sum(error => Math.Pow(error - errors.Average(), 2)) / 19);

        var figure = Assert.Single(FigureComparison.Of(original, other, _ => data.Share()));

        // scipy 1.17: t.ppf(.975, 19) = 2.093024
        Assert.Equal(values[Metric.Mse]!.Value - 2.093024 * deviation / Math.Sqrt(20), figure.Sampling!.Low, 1e-8);
        Assert.Equal(values[Metric.Mse]!.Value + 2.093024 * deviation / Math.Sqrt(20), figure.Sampling!.High, 1e-8);
        Assert.False(figure.Agrees);
    }

    // images of class 0 and 1 in turn, the first of them answered wrongly
    private TrialResult Of(string name, int wrong, int count = 100) => trials.Result(name, 0, new()
    {
        Test = HandMadeSplit.Of([.. Enumerable.Range(0, count).Select(i => ((byte)(i % 2), (i % 2 == 1) == i >= wrong ? .75f : .25f))]),
    });
}
