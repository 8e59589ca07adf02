using MedTransfer.Evaluation.Verdicts;

namespace MedTransfer.Tests.Evaluation.Verdicts;

public sealed class FitReadingTests
{
    private static readonly double[] Turns = [0.9, 0.5, 0.8];
    private static readonly double[] Wavers = [0.5, 0.4, 0.3];

    private static FitReading Of(double[] train, double[] validation, double?[][] controls, params double[][] losses) => FitReading.Of(
        [.. train.Select((auc, seed) => new SeedFit(auc, validation[seed], controls[seed], losses[seed % losses.Length]))]);

    private static double?[][] Controls(params double?[] auc) => [auc, auc, auc, auc, auc];

    private static double[] Rises(params double[][] losses) => [.. FitReading.LossRises(losses).Select(rise => Math.Round(rise, 9))];

    [Fact]
    public void Train_below_the_best_control_by_more_than_chance_fits_too_little()
    {
        var reading = Of([0.60, 0.61, 0.62, 0.61, 0.61], [0.6, 0.6, 0.6, 0.6, 0.6], Controls(0.5, 0.7, 0.65), Turns);
        Assert.Equal((Fit.TooLittle, 1), (reading.Fit, reading.BestControl));
    }

    [Fact]
    public void Train_below_the_best_control_on_average_alone_says_nothing() =>
        Assert.Equal(Fit.NoGap, Of([0.50, 0.90, 0.62, 0.5, 0.9], [0.6, 0.7, 0.7, 0.6, 0.7], Controls(0.5, 0.7), Turns).Fit);

    [Fact]
    public void Train_above_validation_and_a_loss_that_rises_fit_too_much()
    {
        var reading = Of([0.98, 0.99, 0.97, 0.98, 0.98], [0.7, 0.72, 0.69, 0.7, 0.7], Controls(0.7), Turns, [0.9, 0.5, 0.82], [0.9, 0.5, 0.78]);
        Assert.Equal(Fit.TooMuch, reading.Fit);
        // .3, .32 and .28, the first two twice
        Assert.Equal(0.304, reading.LossRise!.Value, 1e-12);
    }

    [Fact]
    public void Gap_without_a_rise_is_a_gap_alone() =>
        Assert.Equal(Fit.GapAlone, Of([0.98, 0.99, 0.97, 0.98, 0.98], [0.7, 0.72, 0.69, 0.7, 0.7], Controls(0.7), Wavers).Fit);

    [Fact]
    public void Train_below_validation_is_no_gap() =>
        Assert.Equal(Fit.NoGap, Of([0.7, 0.72, 0.69, 0.7, 0.7], [0.98, 0.99, 0.97, 0.98, 0.98], Controls(0.5), Turns).Fit);

    [Fact]
    public void Few_seeds_or_equal_gaps_are_untested()
    {
        Assert.Equal(Fit.Untested, FitReading.Of([new(0.5, 0.5, [0.9], Turns)]).Fit);
        Assert.Equal(Fit.Untested, Of([0.9, 0.9, 0.9, 0.9, 0.9], [0.5, 0.5, 0.5, 0.5, 0.5], Controls(0.5), Turns).Fit);
    }

    [Fact]
    public void What_is_missing_is_left_out()
    {
        Assert.Equal(Fit.Undefined, FitReading.Of([]).Fit);
        Assert.Equal(Fit.Undefined, FitReading.Of([new(null, 0.5, [], Turns), new(null, 0.6, [], Turns)]).Fit);
        Assert.Null(Of([0.98, 0.99, 0.97, 0.98, 0.98], [0.7, 0.72, 0.69, 0.7, 0.7], Controls(null, null), Turns).BestControl);
    }

    [Fact]
    public void Loss_that_only_wavers_rises_for_some_seeds_and_falls_for_others() =>
        Assert.Equal([0.1, 0.1, -0.1], Rises([0.5, 0.4, 0.6], [0.4, 0.5, 0.6], [0.6, 0.5, 0.5]));

    [Fact]
    public void Loss_that_turns_for_all_rises_for_all() =>
        Assert.All(Rises([0.9, 0.5, 0.8], [0.8, 0.4, 0.9], [0.9, 0.6, 0.7]), rise => Assert.InRange(rise, 0.09, 0.5));

    [Fact]
    public void One_seed_has_no_others_to_choose_the_epoch() => Assert.Empty(Rises([0.9, 0.5, 0.8]));
}
