using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Runtime;
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
        Assert.Equal(["Best way, all training images", "Gain of fine-tuned over no transfer, named beforehand", "Training images it is worth"], opening.Boxes.Select(box => box.Of));
        Assert.StartsWith("fine-tuned|test ROC AUC 0.710 ± 0.016", $"{opening.Boxes[0].Figure}|{opening.Boxes[0].Note}", StringComparison.Ordinal);
        Assert.Equal(("+0.108 [+0.098, +0.118]", "no control was run"), (opening.Boxes[1].Figure, opening.Boxes[1].Note));
        var plot = opening.Estimation!.Value;
        Assert.Equal(["no transfer", "fine-tuned"], plot.Ways.Select(way => way.Item1));
        Assert.Equal([0.69, 0.73, 0.71, 0.70, 0.72], plot.Ways[1].Item2.Select(seed => Math.Round(seed.Item2, 12)));
        var (what, mean, interval) = Assert.Single(plot.Differences);
        Assert.Equal(("fine-tuned minus no transfer", 0.108), (what, Math.Round(mean, 12)));
        Assert.Equal((0.098, 0.118), (Math.Round(interval!.Value.Low, 3), Math.Round(interval.Value.High, 3)));
    }

    [Fact]
    public void The_best_control_stands_beside_the_gain()
    {
        var opening = Opening(
            Way("no transfer", 0.59, 0.61, 0.60, 0.60, 0.61), Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72),
            AsControl(Way("majority class", 0.5, 0.5, 0.5, 0.5, 0.5)), AsControl(Way("pixel regression", 0.68, 0.72, 0.70, 0.69, 0.71)));
        // validation's .75 is no test score's; the first seed of the way has .69
        Assert.Equal(["Test is harder than validation: ROC AUC 0.690 against 0.750 (fine-tuned, first seed), by more than drawing images anew explains."], opening.Warnings);
        Assert.StartsWith("and over the best control, pixel regression: +0.010", opening.Boxes[1].Note, StringComparison.Ordinal);
        Assert.Equal(["no transfer", "fine-tuned", "pixel regression"], opening.Estimation!.Value.Ways.Select(way => way.Item1));
        Assert.Equal(["fine-tuned minus no transfer", "fine-tuned minus pixel regression"], opening.Estimation!.Value.Differences.Select(difference => difference.Item1));
    }

    [Fact]
    public void A_gain_that_means_nothing_is_trusted_with_care_alone()
    {
        var opening = Opening(
            Way("no transfer", 0.48, 0.50, 0.49, 0.49, 0.49), Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72), AsControl(Way("pixel regression", 0.88, 0.91, 0.90, 0.90, 0.91)));
        Assert.Equal("No transfer has learnt nothing (0.490 is no better than guessing): a gain over it means nothing.", opening.Warnings[0]);
        Assert.StartsWith("Pixel regression, a control, does better: fine-tuned minus it is -0.190 [", opening.Warnings[1], StringComparison.Ordinal);
        Assert.Equal("yes", opening.Trust);
        var warned = Openings.warned(files.Lab, opening);
        Assert.Equal(("with care", "its interval counts in seeds and test patients, and decides, but see the warnings"), (warned.Trust, warned.Because));
    }

    [Theory]
    [InlineData(new[] { 0.70, 0.70, 0.70, 0.70, 0.70 }, new[] { 0.76, 0.70, 0.76, 0.70, 0.73 }, "Whether fine-tuned does better or worse than no transfer is not shown: ", "not yet", "the interval rules out a loss that would matter (0.02 and more), and leaves open whether there is a gain that would")]
    [InlineData(new[] { 0.76, 0.70, 0.76, 0.70, 0.73 }, new[] { 0.70, 0.70, 0.70, 0.70, 0.70 }, "Whether fine-tuned does better or worse than no transfer is not shown: ", "not yet", "the interval rules out a gain that would matter (0.02 and more), and leaves open whether there is a loss that would")]
    [InlineData(new[] { 0.70, 0.76, 0.70, 0.76, 0.73 }, new[] { 0.76, 0.70, 0.76, 0.70, 0.73 }, "Whether fine-tuned does better or worse than no transfer is not shown: ", "not yet", "the interval holds both what would matter (a difference of 0.02 and more) and what would not")]
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
    public void A_control_that_does_as_well_is_a_warning()
    {
        var opening = Opening(
            Way("no transfer", 0.59, 0.61, 0.60, 0.60, 0.61), Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72), AsControl(Way("pixel regression", 0.71, 0.71, 0.70, 0.72, 0.71)));
        Assert.StartsWith("Pixel regression, a control, scores no lower: fine-tuned minus it is 0.000 [", opening.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_split_that_is_like_validation_is_no_warning() => Assert.Empty(
        Opening(Way("no transfer", 0.59, 0.61, 0.60, 0.60, 0.61), Way("fine-tuned", 0.75, 0.73, 0.71, 0.70, 0.72)).Warnings);

    [Fact]
    public void What_is_compared_on_whose_images_is_said_first() => Assert.Matches(
        @"^target \(.*\), 28 x 28 pixels: [0-9]+ test images, 5 seeds\.$",
        Opening(Way("no transfer", 0.59, 0.61, 0.60, 0.60, 0.61), Way("fine-tuned", 0.69, 0.73, 0.71, 0.70, 0.72)).Setting);

    [Fact]
    public void Other_numbers_of_images_are_spoken_of_too()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2, "--target-size", "10,all");
        IEnumerable<Outcome> Of(string name, TargetSize size, bool isControl, double accuracy, params double[] aucs) => made.Way(
            name, [.. aucs.Select(auc => new HandMade { Size = size, IsControl = isControl, Train = HandMadeSplit.Of(1, 1, size.IsAllImages ? 40 : 10), Test = HandMadeSplit.Of(accuracy, auc) })]);
        var (ten, all) = (TargetSize.NewImages(10), TargetSize.AllImages);

        var opening = PrimaryOpening.ofOutcomes(lab.Lab, "Does it?", ListModule.OfSeq([
            .. Of("no transfer", ten, false, 0.7, 0.49, 0.51, 0.50, 0.50, 0.50), .. Of("fine-tuned", ten, false, 0.7, 0.69, 0.73, 0.71, 0.70, 0.72), .. Of("pixel regression", all, true, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8),
            .. Of("no transfer", all, false, 0.7, 0.69, 0.71, 0.70, 0.70, 0.71), .. Of("fine-tuned", all, false, 0.7, 0.79, 0.83, 0.81, 0.80, 0.82),
        ]));

        Assert.StartsWith("With all training images: fine-tuned 0.810 ± 0.016, no transfer 0.702 ± 0.008, difference +0.108 [", Assert.Single(opening.Besides), StringComparison.Ordinal);
        Assert.Contains("; the best control, pixel regression, has 0.800 ± 0.000", opening.Besides[0], StringComparison.Ordinal);
        Assert.Equal("more than 40, for 10", opening.Boxes[2].Figure);
        Assert.Equal("that no transfer needs for the mean AUC that fine-tuned has with 10, read off its curve, without an interval", opening.Boxes[2].Note);
    }

    [Fact]
    public void What_is_worth_images_with_few_of_them_is_said_where_it_is_not_with_many()
    {
        using var folder = new TemporaryFolder();
        SyntheticSets.Write(folder["own.npz"], labels: 1, counts: [320, 40, 40]);
        using var lab = HandMadeLab.Of(ExperimentModule.task2, "--source", "phantom-chest", "--target", folder["own.npz"], "--target-size", "50,300", "--seeds", "5");
        IEnumerable<Outcome> Of(string name, int size, params double[] aucs) => made.Way(
            name, [.. aucs.Select(auc => new HandMade { Size = TargetSize.NewImages(size), Train = HandMadeSplit.Of(1, 1, size), Test = HandMadeSplit.Of(0.7, auc) })]);

        var opening = PrimaryOpening.ofOutcomes(lab.Lab, "Does it?", ListModule.OfSeq([
            .. Of("no transfer", 50, 0.59, 0.61, 0.60, 0.60, 0.60), .. Of("fine-tuned", 50, 0.69, 0.72, 0.70, 0.70, 0.69),
            .. Of("no transfer", 300, 0.79, 0.81, 0.80, 0.80, 0.80), .. Of("fine-tuned", 300, 0.80, 0.80, 0.80, 0.79, 0.81),
        ]));

        // .70 lies halfway between 50 and 300 images: sqrt(50 300) = 122.5
        Assert.Equal("about 122, for 50", opening.Boxes[2].Figure);
        Assert.EndsWith("; exploratory, as no gain is shown with 300 training images", opening.Boxes[2].Note, StringComparison.Ordinal);
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
