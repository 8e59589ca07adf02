using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class PrimaryOpeningTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private Report.Opening Opening(params IEnumerable<Outcome>[] ways) => PrimaryOpening.ofOutcomes(files.Lab, "Does it?", ListModule.OfSeq(ways.SelectMany(way => way)));

    private IEnumerable<Outcome> Way(string name, params double[] aucs) => made.Way(name, aucs.Select(auc => (0.7, auc)).ToArray());

    [Fact]
    public void A_gain_is_said_with_its_interval_and_what_to_trust()
    {
        // the five of SciPy 1.10.1's ttest_rel in GainTests
        var opening = Opening(Way("no transfer", 0.59, 0.61, 0.60, 0.60, 0.61), Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72));
        Assert.Equal("Fine-tuned does better than no transfer: test ROC AUC +0.108 [+0.098, +0.118], with all training images.", opening.Verdict);
        Assert.Equal(("yes", "its interval counts in seeds and test patients, and decides"), (opening.Trust, opening.Because));
        Assert.Equal(["Best way, all training images", "Gain of fine-tuned over no transfer, named beforehand", "Images it is worth"], opening.Boxes.Select(box => box.Of));
        Assert.StartsWith("fine-tuned|test ROC AUC 0.710 ± 0.016", $"{opening.Boxes[0].Figure}|{opening.Boxes[0].Note}", StringComparison.Ordinal);
        Assert.Equal(("+0.108 [+0.098, +0.118]", "no control was run"), (opening.Boxes[1].Figure, opening.Boxes[1].Note));
        var plot = opening.Estimation!.Value;
        Assert.Equal(["no transfer", "fine-tuned"], plot.Ways.Select(way => way.Item1));
        Assert.Equal([0.69, 0.73, 0.71, 0.70, 0.72], plot.Ways[1].Item2.Select(seed => Math.Round(seed.Item2, 12)));
        var (what, mean, interval) = Assert.Single(plot.Differences);
        Assert.Equal(("fine-tuned less no transfer", 0.108), (what, Math.Round(mean, 12)));
        Assert.Equal((0.098, 0.118), (Math.Round(interval!.Value.Low, 3), Math.Round(interval.Value.High, 3)));
    }

    [Fact]
    public void The_best_control_stands_beside_the_gain()
    {
        var opening = Opening(
            Way("no transfer", 0.59, 0.61, 0.60, 0.60, 0.61), Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72),
            AsControl(Way("majority class", 0.5, 0.5, 0.5, 0.5, 0.5)), AsControl(Way("pixel regression", 0.68, 0.72, 0.70, 0.69, 0.71)));
        Assert.Empty(opening.Warnings);
        Assert.StartsWith("and over the best control, pixel regression: +0.010", opening.Boxes[1].Note, StringComparison.Ordinal);
        Assert.Equal(["no transfer", "fine-tuned", "pixel regression"], opening.Estimation!.Value.Ways.Select(way => way.Item1));
        Assert.Equal(["fine-tuned less no transfer", "fine-tuned less pixel regression"], opening.Estimation!.Value.Differences.Select(difference => difference.Item1));
    }

    [Fact]
    public void A_gain_that_means_nothing_is_trusted_with_care_alone()
    {
        var opening = Opening(
            Way("no transfer", 0.48, 0.50, 0.49, 0.49, 0.49), Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72), AsControl(Way("pixel regression", 0.88, 0.91, 0.90, 0.90, 0.91)));
        Assert.Equal("No transfer has learnt nothing (0.490 is no better than guessing): a gain over it means nothing.", opening.Warnings[0]);
        Assert.StartsWith("Pixel regression, which needs no transfer, does better: -0.190 [", opening.Warnings[1], StringComparison.Ordinal);
        Assert.Equal("yes", opening.Trust);
        var warned = Openings.warned(files.Lab, opening);
        Assert.Equal(("with care", "its interval counts in seeds and test patients, and decides, but see the warnings"), (warned.Trust, warned.Because));
    }

    [Theory]
    [InlineData(new[] { 0.70, 0.70, 0.70, 0.70, 0.70 }, new[] { 0.76, 0.70, 0.76, 0.70, 0.73 }, "Whether fine-tuned does better or worse than no transfer is not shown: ", "not yet", "the interval holds both what would matter (a difference of 0.02 and more) and what would not")]
    [InlineData(new[] { 0.70, 0.70, 0.70, 0.70, 0.70 }, new[] { 0.705, 0.70, 0.695, 0.70, 0.70 }, "Fine-tuned and no transfer are equivalent within 0.02: ", "yes", "its interval counts in seeds and test patients, and decides")]
    [InlineData(new[] { 0.73, 0.71, 0.70, 0.72, 0.71 }, new[] { 0.61, 0.60, 0.60, 0.61, 0.60 }, "Fine-tuned does worse than no transfer: ", "yes", "its interval counts in seeds and test patients, and decides")]
    [InlineData(new[] { 0.70, 0.70 }, new[] { 0.76, 0.75 }, "No verdict on fine-tuned against no transfer: ", "not yet", "5 seeds are the least for an interval")]
    public void The_verdict_is_what_the_figures_carry(double[] none, double[] tuned, string verdict, string trust, string because)
    {
        var opening = Opening(Way("no transfer", none), Way("fine-tuned", tuned));
        Assert.StartsWith(verdict, opening.Verdict, StringComparison.Ordinal);
        Assert.Equal((trust, because), (opening.Trust, opening.Because));
    }

    [Fact]
    public void Phantoms_have_figures_and_no_verdict()
    {
        using var phantoms = HandMadeLab.OnPhantoms(ExperimentModule.task2);
        var opening = PrimaryOpening.ofOutcomes(phantoms.Lab, "Does it?", ListModule.OfSeq(Way("no transfer", 0.59, 0.61, 0.60, 0.60, 0.61).Concat(Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72))));
        Assert.StartsWith("No verdict on fine-tuned against no transfer: ", opening.Verdict, StringComparison.Ordinal);
        Assert.Equal(("no", "nothing follows from such figures (on phantoms)"), (opening.Trust, opening.Because));
        var warned = Openings.warned(phantoms.Lab, opening);
        Assert.Contains(warned.Warnings, warning => warning.EndsWith("say nothing about patients.", StringComparison.Ordinal));
        Assert.Equal(opening.Because, warned.Because);
    }

    [Fact]
    public void A_way_that_was_left_out_leaves_no_plot()
    {
        var opening = Opening(Way("no transfer", 0.7));
        Assert.Equal("No verdict on fine-tuned against no transfer: test ROC AUC undefined, with all training images.", opening.Verdict);
        Assert.Equal(("not yet", "undefined"), (opening.Trust, opening.Boxes[1].Figure));
        Assert.Null(opening.Estimation);
    }

    private static IEnumerable<Outcome> AsControl(IEnumerable<Outcome> outcomes) => outcomes.Select(outcome =>
        new Outcome(WayModule.control(outcome.Way.Name, outcome.Way.Size, outcome.Way.Seed, outcome.Way.Trial), outcome.Result, outcome.Parts, outcome.Patients, outcome.Inner));
}
