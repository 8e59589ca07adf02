using MedTransfer.Trials;
using MedTransfer.Trials.Tuning;

namespace MedTransfer.Tests.Trials.Tuning;

public sealed class SearchSpaceTests
{
    private static readonly TrialSpec Spec = new() { Data = new DataReference { Path = "a.npz", Digest = "0123456789abcdef0123456789abcdef" }, Seed = 3 };

    private static readonly SearchSpace Space = new(
        Hyperparameter.LearningRate(SearchValues.Of(0.01, 0.001)), Hyperparameter.FrozenDepth(0, 2, 4));

    [Fact]
    public void Grid_has_every_combination_the_last_changing_fastest()
    {
        var grid = Space.Grid();

        Assert.Equal(
            ["learning rate 0.01, frozen depth 0", "learning rate 0.01, frozen depth 2", "learning rate 0.01, frozen depth 4",
                "learning rate 0.001, frozen depth 0", "learning rate 0.001, frozen depth 2", "learning rate 0.001, frozen depth 4"],
            grid.Select(candidate => candidate.Label));
        var fifth = grid[4].Apply(Spec);
        Assert.Equal((0.001, 3L), (fifth.Fit.LearningRate, fifth.Seed));
        Assert.Equal(["features.conv3", "features.latent", "head"], fifth.Transfer.Phases[0].Trained);
    }

    [Fact]
    public void A_penalty_that_is_searched_is_not_chosen_by_the_training_too()
    {
        var candidate = new SearchSpace(Hyperparameter.InversePenalty(SearchValues.Of(0.03))).Grid().Single();

        var fit = candidate.Apply(Spec with { Fit = new() { PenaltyChoice = new() } }).Fit;

        Assert.Equal((0.03, null), (fit.InversePenalty, fit.PenaltyChoice));
    }

    [Fact]
    public void Grid_of_a_range_is_even_in_logarithms_and_rounded() =>
        Assert.Equal([1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2], SearchValues.LogUniform(1e-4, 1e-2).Grid);

    [Fact]
    public void Draws_are_even_in_logarithms_and_the_same_for_a_seed()
    {
        var space = new SearchSpace(Hyperparameter.LearningRate(SearchValues.LogUniform(1e-4, 1e-2)));

        var rates = space.Draws(1000, 5).Select(candidate => candidate.Apply(Spec).Fit.LearningRate).ToList();

        Assert.All(rates, rate => Assert.InRange(rate, 1e-4, 1e-2));
        // of about 800 distinct ones, half lie below the geometric mean: standard deviation .018, five of those either way
        Assert.InRange(rates.Count(rate => rate < 1e-3) / (double)rates.Count, 0.41, 0.59);
        Assert.Equal(space.Draws(10, 5).Select(candidate => candidate.Label), space.Draws(1000, 5).Take(10).Select(candidate => candidate.Label));
        Assert.NotEqual(space.Draws(10, 5).Select(candidate => candidate.Label), space.Draws(10, 6).Select(candidate => candidate.Label));
    }

    [Fact]
    public void Candidate_drawn_twice_is_one() =>
        Assert.Equal(Space.Grid().Select(candidate => candidate.Label).Order(), Space.Draws(200, 1).Select(candidate => candidate.Label).Order());

    [Fact]
    public void Values_that_cannot_be_searched_are_refused()
    {
        foreach (var wrong in new Action[]
        {
            () => SearchValues.LogUniform(0, 1), () => SearchValues.LogUniform(1, 1), () => SearchValues.LogUniform(1, double.PositiveInfinity),
            () => SearchValues.LogUniform(1, 2, gridPoints: 1), () => SearchValues.Of(), () => Space.Draws(0, 1),
        })
            Assert.True(Assert.Throws<MedTransferException>(wrong).IsUsage);
    }
}
