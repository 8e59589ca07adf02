using Deedle;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class ClaimsTests : IDisposable
{
    private const string Accelerates = "Transfer accelerates the learning.";
    private const string Freezing = "Freezing takes about 40 % less time.";
    private const string Better = "Both transfers give slightly better results: ";
    private const string Trainable = "PCA is affected more by the trainability of the layers than t-SNE.";

    private static readonly double[] Slow = [0.5, 0.6, 0.8, 0.8];
    private static readonly double[] Never = [0.5, 0.6, 0.7, 0.7];
    private static readonly double[] Fast = [0.5, 0.8, 0.8, 0.8];

    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private static HandMade Learning(double[] auc) => new() { Epochs = [.. auc.Select(value => ((double?)value, 0.5, 0.5))] };

    private static HandMade WithAccuracy(double accuracy) => new() { Test = HandMadeSplit.Of(accuracy, 0.75) };

    private static FSharpOption<double> Some(double value) => FSharpOption<double>.Some(value);

    private Frame<string, string> Read(IEnumerable<Outcome> outcomes, Times.Timings? times = null, Lab? lab = null, params Trainability.Change[] changes)
    {
        var all = ListModule.OfSeq(outcomes);
        var results = new Results(all, ListModule.Empty<LeftOut>(), ListModule.Empty<TrialResult>());
        return Claims.table(lab ?? files.Lab, times ?? Times.none, results, TargetSize.AllImages, ListModule.OfSeq(changes), all).TableOf("claims");
    }

    private IEnumerable<Outcome> Curves(double[][] scratch, double[][] tuned) =>
        made.Way("no transfer", scratch.Select(Learning)).Concat(made.Way("fine-tuned", tuned.Select(Learning)));

    [Fact]
    public void Seed_that_never_reaches_the_level_counts_as_later()
    {
        var table = Read(Curves([Slow, Slow, Slow, Slow, Slow, Never], [.. Enumerable.Repeat(Fast, 6)]));

        Assert.Equal("holds here", table.Cell(Accelerates, "reading"));
        Assert.Equal(
            "To a validation AUC of 0.773, median: no transfer: 3.0 epochs (1 of 6 seeds never); fine-tuned: 2.0 epochs. Fine-tuned is there in fewer epochs for 6 of 6 seeds, in more for 0, sign test p = 0.031.",
            table.Cell(Accelerates, "this run"));
    }

    [Fact]
    public void Transfer_that_slows_is_the_opposite()
    {
        var table = Read(Curves([.. Enumerable.Repeat(Fast, 6)], [.. Enumerable.Repeat(Never, 6)]));

        Assert.Equal("the opposite here", table.Cell(Accelerates, "reading"));
        Assert.Contains("fine-tuned: at least 4.0 epochs (6 of 6 seeds never)", table.Cell(Accelerates, "this run"));
        Assert.Contains("in fewer epochs for 0 of 6 seeds, in more for 6", table.Cell(Accelerates, "this run"));
    }

    [Fact]
    public void Few_seeds_tell_nothing_and_one_is_no_test()
    {
        Assert.Equal("can't be told from these seeds", Read(Curves([Slow, Slow, Slow], [Fast, Fast, Fast])).Cell(Accelerates, "reading"));
        Assert.Equal("not tested", Read(Curves([Slow], [Fast])).Cell(Accelerates, "reading"));
    }

    [Fact]
    public void Seconds_to_the_level_are_epochs_times_those_of_one_measured_alone()
    {
        var times = HandMadeTimes.Of(("no transfer", 4, [2, 1, 2]), ("fine-tuned", 4, [3, 3, 4])).WithPretraining(5, 1, 1, 2);
        Assert.Contains(
            "no transfer: 3.0 epochs, 6.0 s (1 of 6 seeds never); fine-tuned: 2.0 epochs, 6.0 s; with its pretraining of 5.0 s, 11.0 s.",
            Read(Curves([Slow, Slow, Slow, Slow, Slow, Never], [.. Enumerable.Repeat(Fast, 6)]), times).Cell(Accelerates, "this run"));
    }

    [Theory]
    [InlineData(0.60, "holds here", "Frozen takes 40 % [38, 42] less time")]
    [InlineData(0.90, "less than that here", "Frozen takes 10 % [8, 12] less time")]
    [InlineData(0.03, "more than that here", "Frozen takes 97 % [94, 99] less time")]
    [InlineData(0.66, "less time here; 40 % is not ruled out", "Frozen takes 34 % [32, 36] less time")]
    [InlineData(1.00, "less than that here, if any", "Frozen takes 0 % [-2, 2] less time")]
    [InlineData(1.30, "the opposite here", "Frozen takes -30 % [-32, -28] less time")]
    public void Claimed_saving_holds_only_where_the_interval_says_that_much(double frozen, string reading, string measured)
    {
        var times = HandMadeTimes.Of(
            ("frozen, through all layers", 4, [frozen - 0.008, frozen, frozen + 0.008]), ("frozen", 4, [0.1, 0.1, 0.1]), ("fine-tuned", 4, [1, 1, 1]));

        var table = Read(Curves([Slow], [Fast]), times);

        Assert.Equal(reading, table.Cell(Freezing, "reading"));
        Assert.Equal(
            $"{measured} than fine-tuned where every batch passes all layers, 90 % less where what the frozen layers make of an image is computed once.",
            table.Cell(Freezing, "this run"));
    }

    [Fact]
    public void Better_and_worse_are_told_by_the_interval_and_never_as_slight()
    {
        var scratch = made.Way("no transfer", new[] { 0.70, 0.72, 0.71, 0.70, 0.72 }.Select(WithAccuracy));
        var frozen = made.Way("frozen", new[] { 0.60, 0.63, 0.60, 0.60, 0.62 }.Select(WithAccuracy));
        var tuned = made.Way("fine-tuned", new[] { 0.90, 0.92, 0.92, 0.90, 0.92 }.Select(WithAccuracy));

        var table = Read([.. scratch, .. frozen, .. tuned]);

        Assert.Equal("worse (Holm's p < 0.001), by ACC", table.Cell(Better + "frozen.", "reading"));
        Assert.Contains("frozen minus no transfer: test ACC -0.100 [", table.Cell(Better + "frozen.", "this run"));
        Assert.Equal("better (Holm's p < 0.001), by ACC", table.Cell(Better + "fine-tuned.", "reading"));
        Assert.Contains("fine-tuned minus no transfer: test ACC +0.202 [", table.Cell(Better + "fine-tuned.", "this run"));
    }

    [Fact]
    public void Positive_mean_with_an_interval_over_0_shows_no_difference()
    {
        var table = Read([
            .. made.Way("no transfer", new[] { 0.70, 0.72, 0.71, 0.70, 0.72 }.Select(WithAccuracy)),
            .. made.Way("fine-tuned", new[] { 0.72, 0.75, 0.72, 0.70, 0.73 }.Select(WithAccuracy)),
        ]);
        Assert.Contains("test ACC +0.014 [0.000, +0.028], p = 0.052", table.Cell(Better + "fine-tuned.", "this run"));
        Assert.Equal("no difference shown, by ACC", table.Cell(Better + "fine-tuned.", "reading"));
    }

    [Fact]
    public void Pca_is_affected_more_where_the_size_of_its_change_is_larger()
    {
        Trainability.Change[] Five(double pca, double tsne) => [.. Enumerable.Range(0, 5).Select(seed => new Trainability.Change(seed, seed, Some(pca + 0.01 * seed), Some(tsne)))];
        string Reading(params Trainability.Change[] changes) => Read(Curves([Slow], [Fast]), changes: changes).Cell(Trainable, "reading");
        Assert.Equal("holds here", Reading(Five(-0.30, 0.1)));
        Assert.Equal("the opposite here", Reading(Five(0.1, -0.30)));
        Assert.Equal("not tested", Reading(Five(-0.30, 0.1)[..4]));
    }

    [Fact]
    public void Change_of_pcas_map_stands_without_a_map_of_tsne()
    {
        var none = new Trainability.Change(0, 0, Some(0.25), FSharpOption<double>.None);
        var table = Read(Curves([Slow], [Fast]), changes: [none, none]);
        Assert.Equal(
            "Silhouette of the test map, fine-tuned minus frozen: PCA 0.250 ± 0.000, t-SNE no map; no seed has both maps, so that they can't be compared.",
            table.Cell(Trainable, "this run"));
        Assert.Equal("not tested", table.Cell(Trainable, "reading"));
    }

    [Fact]
    public void Phantoms_show_the_same_figures_without_a_reading()
    {
        using var phantoms = HandMadeLab.OnPhantoms(ExperimentModule.task2);
        var table = Read(Curves([.. Enumerable.Repeat(Slow, 6)], [.. Enumerable.Repeat(Fast, 6)]), lab: phantoms.Lab);
        Assert.Equal(["this run"], table.ColumnKeys);
        Assert.Contains("sign test p = 0.031", table.Cell(Accelerates, "this run"));
    }

    [Fact]
    public void Ways_that_were_left_out_have_no_sentence()
    {
        var table = Read(made.Way("no transfer", Learning(Slow), Learning(Slow)));
        Assert.Equal([Trainable], table.RowKeys);
    }
}
