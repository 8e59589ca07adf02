using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Training;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class SmartTrainingTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task1);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private static HandMade Trained(double train, double test, double auc, int epochs = 1) => new()
    {
        Train = HandMadeSplit.Of(train, 0.9),
        Validation = HandMadeSplit.Of(0.7, 0.7, images: 169),
        Test = HandMadeSplit.Of(test, auc),
        Epochs = [.. Enumerable.Repeat<(double?, double, double)>((0.7, 0.5, 0.5), epochs)],
    };

    private IEnumerable<Outcome> Plain => made.Way("plain", Trained(0.9, 0.60, 0.70, 4), Trained(0.9, 0.62, 0.71, 4), Trained(0.9, 0.61, 0.72, 4), Trained(0.9, 0.60, 0.70, 4), Trained(0.9, 0.62, 0.72, 4));

    private static Outcome Stopped(Outcome outcome)
    {
        var spec = outcome.Way.Trial.Spec;
        var trial = new Trial(spec with { Fit = spec.Fit with { EarlyStopping = new EarlyStopping() } }, "");
        return new(new Way(outcome.Way.Name, outcome.Way.IsControl, outcome.Way.Size, outcome.Way.Seed, trial, outcome.Way.Parts, outcome.Way.Inner), outcome.Result, outcome.Parts, outcome.Patients, outcome.Inner);
    }

    private FSharpList<Report.Section> Table(IEnumerable<Outcome> outcomes, Lab? lab = null, params string[] names) => SmartTraining.table(
        lab ?? files.Lab, HandMadeTimes.Of(("plain", 4, [1, 1, 2]), ("helps", 2, [1, 1, 1])), "plain", ListModule.OfSeq(names), TargetSize.AllImages, ListModule.OfSeq(outcomes));

    [Fact]
    public void Every_way_stands_with_its_figures_and_less_the_plain_one()
    {
        var table = Table([
            .. Plain,
            .. made.Way("helps", Trained(0.7, 0.60, 0.80, 2), Trained(0.7, 0.62, 0.82, 2), Trained(0.7, 0.61, 0.83, 2), Trained(0.7, 0.60, 0.81, 2), Trained(0.7, 0.62, 0.83, 2)),
            .. made.Way("harms", Trained(0.9, 0.60, 0.50), Trained(0.9, 0.63, 0.52), Trained(0.9, 0.60, 0.53), Trained(0.9, 0.60, 0.50), Trained(0.9, 0.62, 0.52)),
            .. made.Way("wavers", Trained(0.9, 0.60, 0.70), Trained(0.9, 0.60, 0.76), Trained(0.9, 0.60, 0.72), Trained(0.9, 0.60, 0.70), Trained(0.9, 0.60, 0.75)),
        ], null, "helps", "harms", "wavers", "left out").TableOf("smart-training");

        Assert.Equal(["plain", "helps", "harms", "wavers"], table.RowKeys);
        Assert.Equal(
            ["0.818 ± 0.013 [0.801, 0.834]", "+0.108 [+0.102, +0.114], p < 0.001", "better (Holm's p < 0.001)", "0.610 ± 0.010 [0.598, 0.622]",
                "0.700 ± 0.000", "0.090 ± 0.010", "-0.200 (the same for every seed)", "2 ± 0", "2.00 (2.00 to 2.00)"],
            table.Row("helps"));
        Assert.Equal("4.00 (4.00 to 8.00)", table.Cell("plain", "time s"));
        Assert.Equal(["worse (Holm's p < 0.001)", "no difference shown", ""], new[] { "harms", "wavers", "plain" }.Select(way => table.Cell(way, "by AUC")));
    }

    [Fact]
    public void One_seed_is_not_tested_and_phantoms_have_no_words()
    {
        var one = Plain.Take(1).Concat(made.Way("helps", Trained(0.7, 0.60, 0.80)));
        Assert.Equal("no verdict below 5 seeds", Table(one, null, "helps").TableOf("smart-training").Cell("helps", "by AUC"));
        using var phantoms = HandMadeLab.OnPhantoms(ExperimentModule.task1);
        var many = Table([.. Plain, .. made.Way("helps", Trained(0.7, 0.60, 0.80), Trained(0.7, 0.62, 0.82), Trained(0.7, 0.61, 0.83), Trained(0.7, 0.60, 0.81), Trained(0.7, 0.62, 0.83))], phantoms.Lab, "helps");
        Assert.Equal("", many.TableOf("smart-training").Cell("helps", "by AUC"));
        Assert.Equal("+0.108 [+0.102, +0.114], p < 0.001", many.TableOf("smart-training").Cell("helps", "test AUC minus plain"));
    }

    [Fact]
    public void Caption_counts_the_validation_images_that_choose_epochs()
    {
        var stopped = made.Way("early stopping", Trained(0.7, 0.6, 0.8), Trained(0.7, 0.6, 0.8), Trained(0.7, 0.6, 0.8)).Select(Stopped);
        Assert.Contains(
            "all training images, and 169 validation images besides, by which these choose their epoch: early stopping; the others do not look at them;",
            Table([.. Plain, .. stopped], null, "early stopping").CaptionOf("smart-training"));
        Assert.Contains("none of validation", Table(Plain).CaptionOf("smart-training"));
        Assert.Contains("all training images and 169 validation images, by which the epoch is chosen;", Table(Plain.Select(Stopped)).CaptionOf("smart-training"));
    }

    [Fact]
    public void Folds_that_were_left_out_have_no_table() => Assert.Empty(SmartTraining.crossValidation("left out", ListModule.OfSeq(Plain)));
}
