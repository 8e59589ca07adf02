using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class GainTests : IDisposable
{
    private const string Reference = "no transfer";

    private static readonly TargetSize Fifty = TargetSize.NewImages(50), ThreeHundred = TargetSize.NewImages(300);

    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    // the reference rises by .1 a step, from .6 with 50 images over .7 with 300 to .8 with all 1,000
    private IEnumerable<Outcome> Reference_ => At(Reference, Fifty, 50, 0.59, 0.61).Concat(At(Reference, ThreeHundred, 300, 0.69, 0.71)).Concat(At(Reference, TargetSize.AllImages, 1000, 0.79, 0.81));

    [Fact]
    public void Gain_is_the_way_less_the_reference_paired_by_seed()
    {
        // SciPy 1.10.1, ttest_rel of the five: patients who are all alike add nothing
        var table = Section([Fifty], [.. At(Reference, Fifty, 50, 0.59, 0.61, 0.60, 0.60, 0.61), .. At("fine-tuned", Fifty, 50, 0.69, 0.73, 0.71, 0.70, 0.72)]).TableOf("gain");
        Assert.Equal(["fine-tuned"], table.RowKeys);
        Assert.Equal("+0.108 [+0.098, +0.118], p < 0.001", table.Cell("fine-tuned", "50"));
    }

    [Fact]
    public void One_seed_has_a_gain_without_an_interval()
    {
        var sections = Section([Fifty], [.. At(Reference, Fifty, 50, 0.6), .. At("frozen", Fifty, 50, 0.5)]);
        Assert.Equal("-0.100 (one seed: no interval)", sections.TableOf("gain").Cell("frozen", "50"));
        Assert.Equal(["gain"], sections.Tables());
    }

    [Fact]
    public void Worth_in_images_is_read_off_on_a_log_axis()
    {
        // .75 lies halfway between 300 and 1,000 images: sqrt(300 1000) = 547.7, not 650
        var table = Section(
            [Fifty, ThreeHundred, TargetSize.AllImages],
            [
                .. Reference_,
                .. At("fine-tuned", Fifty, 50, 0.74, 0.76), .. At("fine-tuned", ThreeHundred, 300, 0.85, 0.85), .. At("fine-tuned", TargetSize.AllImages, 1000, 0.5, 0.6),
            ]).TableOf("worth");
        Assert.Equal(["about 548", "more than 1000", "at most 50"], table.Row("fine-tuned"));
    }

    [Fact]
    public void Gain_worth_and_chart_say_of_how_many_seeds_they_are()
    {
        var without = new HandMade { Size = Fifty, Train = HandMadeSplit.Of(1, 1, 50), Test = HandMadeSplit.Of(0.5, null) };
        var sections = Section(
            [Fifty, ThreeHundred],
            [
                .. At(Reference, Fifty, 50, 0.59, 0.61), .. At(Reference, ThreeHundred, 300, 0.69, 0.71),
                made.Outcome("fine-tuned", 0, without with { Test = HandMadeSplit.Of(0.5, 0.65) }), made.Outcome("fine-tuned", 1, without),
            ]);
        Assert.Equal("+0.060 (one seed: no interval) (1 of 2 seeds)", sections.TableOf("gain").Cell("fine-tuned", "50"));
        // .65 lies halfway between 50 and 300 images: sqrt(50 300) = 122.5
        Assert.Equal("about 122 (1 of 2 seeds)", sections.TableOf("worth").Cell("fine-tuned", "50"));
        Assert.EndsWith(
            "over seeds and draws. Undefined for some seeds, and the mean of the others: fine-tuned, 50 images (1 of 2 seeds).",
            sections.OfType<Report.Section.Charts>().Single().caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Controls_stand_beside_the_ways_and_guessing_does_not()
    {
        var control = made.Way("majority class", new HandMade { IsControl = true, Size = Fifty, Test = HandMadeSplit.Of(0.5, 0.5) });
        var pixels = made.Way("pixel regression", new HandMade { IsControl = true, Size = Fifty, Test = HandMadeSplit.Of(0.5, 0.65) });
        var sections = Section([Fifty], [.. At(Reference, Fifty, 50, 0.6), .. control, .. pixels, .. At("frozen", Fifty, 50, 0.7)]);
        Assert.Equal(["pixel regression", "frozen"], sections.TableOf("gain").RowKeys);
        Assert.Equal("+0.050 (one seed: no interval)", sections.TableOf("gain").Cell("pixel regression", "50"));
        Assert.EndsWith(" Controls, which transfer nothing: pixel regression.", sections.CaptionOf("gain"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ways_and_a_reference_that_were_left_out_leave_cells_undefined()
    {
        var sizes = new[] { Fifty, ThreeHundred };
        var sections = Section(sizes, [.. At("frozen", Fifty, 50, 0.7)]);
        Assert.Equal(["undefined", "undefined"], sections.TableOf("gain").Row("frozen"));
        Assert.Equal(["undefined", "undefined"], sections.TableOf("worth").Row("frozen"));
    }

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private IEnumerable<Outcome> At(string way, TargetSize size, int images, params double[] aucs) =>
        made.Way(way, aucs.Select(auc => new HandMade { Size = size, Train = HandMadeSplit.Of(1, 1, images), Test = HandMadeSplit.Of(0.5, auc) }));

    private FSharpList<Report.Section> Section(TargetSize[] sizes, Outcome[] outcomes) =>
        Gain.bySize(files.Lab, Reference, ListModule.OfSeq(sizes), ListModule.OfSeq(outcomes));
}
