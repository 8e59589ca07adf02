using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Experiments;

public sealed class OutcomesTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();

    [Fact]
    public void Pairs_are_of_the_same_seed_the_first_way_first()
    {
        var (first, second) = (List(made.Way("a", (0, 0.1), (0, 0.2), (0, 0.3))), List(made.Way("b", (0, 0.7), (0, 0.8)).Reverse()));
        Assert.Equal([Tuple.Create(0.1, 0.7), Tuple.Create(0.2, 0.8)], Outcomes.pairs(Outcomes.testAuc, first, second).Select(pair => pair.Values?.Value));
    }

    [Fact]
    public void Difference_is_the_first_less_the_second()
    {
        var difference = Outcomes.difference(Outcomes.pairs(Outcomes.testAccuracy, List(made.Way("a", (0.5, 0), (0.75, 0))), List(made.Way("b", (0.25, 0), (0.25, 0)))));
        Assert.Equal((0.375, 2), (difference.Difference?.Value.Mean, difference.Seeds));
        Assert.Null(Outcomes.difference(ListModule.Empty<Outcomes.Pair>()).Difference);
    }

    [Fact]
    public void Seed_without_the_figure_makes_no_pair()
    {
        var without = new HandMade { Test = HandMadeSplit.Of(0.5, null) };
        Assert.Equal(
            [null, Tuple.Create(0.75, 0.5)],
            Outcomes.pairs(Outcomes.testAuc, List(made.Way("a", without, new HandMade())), List(made.Way("b", (0, 0.6), (0, 0.5)))).Select(pair => pair.Values?.Value));
    }

    [Theory]
    [InlineData("undefined")]
    [InlineData("+0.200 (one seed: no interval)", 0.2)]
    [InlineData("-0.200 (the same for every seed)", -0.2, -0.2)]
    [InlineData("0.000 (two seeds: no interval)", 0.002, -0.002)]
    // mean .002, standard error .001, t(.975, 2) = 4.3027
    [InlineData("+0.002 [-0.002, +0.006], p = 0.184", 0.002, 0.0002679, 0.0037321)]
    [InlineData("-0.500 [-0.505, -0.495], p < 0.001", -0.5, -0.498, -0.502)]
    public void Differences_are_said_with_sign_interval_and_chance(string text, params double[] differences)
    {
        var pairs = ListModule.OfSeq(differences.Select((difference, seed) => new Outcomes.Pair(seed, seed, FSharpOption<Tuple<double, double>>.Some(Tuple.Create(difference, 0.0)))));
        Assert.Equal(text, Outcomes.differenceText(3, Outcomes.difference(pairs)));
    }

    [Fact]
    public void A_difference_that_some_seeds_have_not_says_of_how_many_it_is()
    {
        var without = new HandMade { Test = HandMadeSplit.Of(0.5, null) };
        var compared = Outcomes.difference(Outcomes.pairs(
            Outcomes.testAuc, List(made.Way("a", new HandMade(), without, new HandMade())), List(made.Way("b", (0, 0.5), (0, 0.5), (0, 0.25)))));
        Assert.Equal("+0.375 (two seeds: no interval) (2 of 3 seeds)", Outcomes.differenceText(3, compared));
    }

    [Theory]
    [InlineData("undefined")]
    [InlineData("undefined", null, null)]
    [InlineData("0.250", 0.25)]
    [InlineData("0.500 ± 0.354", 0.25, 0.75)]
    [InlineData("0.500 ± 0.354 (2 of 4 seeds)", null, 0.25, 0.75, null)]
    [InlineData("0.250 (1 of 2 seeds)", null, 0.25)]
    public void Means_are_said_with_their_deviation_and_of_how_many_seeds_they_are(string text, params object?[] values) =>
        Assert.Equal(text, Outcomes.meanText(3, ListModule.OfSeq(values.Select(value => value is double number ? FSharpOption<double>.Some(number) : null))));

    [Fact]
    public void Gap_is_train_less_test() =>
        Assert.Equal(0.25, Outcomes.accuracyGap(made.Outcome("a", 0, new HandMade { Train = HandMadeSplit.Of(0.75, 1), Test = HandMadeSplit.Of(0.5, 1) }))?.Value);

    [Fact]
    public void Time_of_an_ensemble_is_that_of_its_parts_too()
    {
        HandMade Of(double seconds) => new() { TrainingSeconds = seconds };
        Assert.Equal(10.5, Outcomes.seconds(made.Outcome("folds", 0, Of(0.5) with { Parts = [Of(4), Of(6)] }))?.Value);
    }

    [Fact]
    public void A_trial_that_serves_every_seed_counts_once()
    {
        var control = new HandMade { IsControl = true, OneTrial = true };
        var outcomes = List([.. made.Way("control", control, control), .. made.Way("a", (0, 0), (0, 1))]);
        Assert.Equal([("control", 1), ("a", 2)], Outcomes.ways(outcomes).Select(way => (way.Item1, way.Item2.Length)));
        Assert.Equal(["a", "a"], Outcomes.transfers(outcomes).Select(outcome => outcome.Way.Name));
    }

    [Fact]
    public void Outcomes_of_ways_keep_their_seeds_and_leave_out_what_was_not_run()
    {
        var control = new HandMade { IsControl = true, OneTrial = true };
        var outcomes = List(made.Way("control", control, control));
        var notRun = made.Outcome("other", 0, new HandMade()).Way;
        var found = Outcomes.ofWays(ListModule.OfSeq([notRun, .. outcomes.Select(outcome => outcome.Way)]), List([outcomes[0]]));
        Assert.Equal([("control", 0), ("control", 1)], found.Select(outcome => (outcome.Way.Name, outcome.Way.Seed)));
    }

    public void Dispose() => made.Dispose();

    private static FSharpList<Outcome> List(IEnumerable<Outcome> outcomes) => ListModule.OfSeq(outcomes);
}
