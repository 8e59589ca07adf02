using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

public sealed class TimesTests : IDisposable
{
    private static readonly Times.Timings Timed = HandMadeTimes.Of(("frozen", 10, [0.5, 0.6, 0.4]), ("fine-tuned", 10, [1, 1, 1]));

    private readonly HandMadeOutcomes made = new();

    public void Dispose() => made.Dispose();

    [Fact]
    public void Ratio_is_the_ways_time_over_the_references()
    {
        Assert.Equal("0.50 (0.40 to 0.60)", Times.ratioText("frozen", "fine-tuned", TargetSize.AllImages, Timed));
        Assert.Equal("2.00 (1.67 to 2.50)", Times.ratioText("fine-tuned", "frozen", TargetSize.AllImages, Timed));
        Assert.Equal("5.00 (4.00 to 6.00)", Times.secondsText("frozen", TargetSize.AllImages, Timed));
        Assert.Equal("", Times.ratioText("frozen", "left out", TargetSize.AllImages, Timed));
        Assert.Equal("", Times.secondsText("frozen", TargetSize.NewImages(50), Timed));
    }

    [Fact]
    public void Saving_is_what_the_way_takes_less()
    {
        Assert.Equal(1 - Math.Cbrt(0.4 * 0.5 * 0.6), Times.saving("frozen", "fine-tuned", TargetSize.AllImages, Timed)!.Value.Mean, 1e-12);
        Assert.Equal("51 % [18, 70]", Times.savingText(Times.saving("frozen", "fine-tuned", TargetSize.AllImages, Timed)!.Value));
    }

    [Fact]
    public void Folds_take_the_time_of_all_of_them() =>
        Assert.Equal([50, 100], Times.seconds(HandMadeTimes.Way(10, [1, 2], parts: 5)));

    [Fact]
    public void Table_3_shows_times_that_were_taken_alone_and_none_that_were_not()
    {
        var outcomes = ListModule.OfSeq(made.Way("frozen", new HandMade { TrainingSeconds = 77 }).Concat(made.Way("fine-tuned", new HandMade { TrainingSeconds = 88 })));
        var study = MapModule.Empty<string, Table.Study>();

        var table = Table.byWay(study, Timed, "fine-tuned", outcomes);

        Assert.Equal("0.50 (0.40 to 0.60)", table.Cell("frozen", "time / fine-tuned"));
        Assert.Equal("1.00 (1.00 to 1.00)", table.Cell("fine-tuned", "time / fine-tuned"));
        Assert.Equal("10.00 (10.00 to 10.00)", table.Cell("fine-tuned", "time s"));
        Assert.DoesNotContain(Table.byWay(study, Times.none, "fine-tuned", outcomes).ColumnKeys, column => column.StartsWith("time", StringComparison.Ordinal));
    }

    // each way is its first seed's training, of which there may be several, times the mean epochs over seeds
    [Fact]
    public void Ways_and_pretraining_are_those_that_were_timed()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var runs = Path.Combine(lab.Lab.Options.Out, "runs");
        void Timed(MedTransfer.Trials.Trial trial, double first, double later)
        {
            var folder = new MedTransfer.Trials.Artefacts.TrialFolder(runs, trial.Name);
            Directory.CreateDirectory(folder.FullPath);
            folder.WriteTiming(new() { Session = DateTimeOffset.UnixEpoch, Images = 200, TimedImages = 100, Rounds = [new(first, later)] });
        }

        HandMade Of(int epochs, int folds = 0) => new()
        {
            Epochs = [.. Enumerable.Repeat<(double?, double, double)>((0.7, 0.5, 0.5), epochs)],
            Parts = [.. Enumerable.Repeat(0, folds).Select(_ => Of(epochs))],
        };
        var pretraining = ListModule.OfSeq([made.Result("pretraining", 0, Of(5)), made.Result("pretraining", 1, Of(7))]);
        var (plain, folds) = (made.Way("plain", Of(2), Of(4)).ToList(), made.Way("folds", Of(3, folds: 5)).ToList());
        Timed(pretraining[0].Trial, 1, 1);
        Timed(plain[0].Way.Trial, 2, 1);
        Timed(folds[0].Way.Parts[0], 1, 0.5);

        var onlyTimed = WayModule.control("through all layers", TargetSize.AllImages, 0, made.Result("through all layers", 0, Of(20)).Trial);
        Timed(onlyTimed.Trial, 3, 2);

        var times = Times.measure(lab.Lab, pretraining, ListModule.OfSeq<Outcome>([.. plain, .. folds]), ListModule.OfSeq([onlyTimed]));

        double Seconds(string way) => Assert.Single(Times.seconds(times.Ways[Tuple.Create(way, TargetSize.AllImages)]));
        Assert.Equal(2 * (2 + 2 * 1), Seconds("plain"));                       // three epochs of twice the images
        Assert.Equal(5 * 2 * (1 + 2 * 0.5), Seconds("folds"));
        Assert.Equal(2 * (3 + 19 * 2), Seconds("through all layers"));         // the twenty epochs that it would have
        Assert.Equal(2 * (1 + 5 * 1), Assert.Single(Times.seconds(times.Pretraining!.Value)));   // six epochs
    }

    [Fact]
    public void Smoke_times_nothing()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2, "--smoke");
        var outcomes = ListModule.OfSeq(made.Way("frozen", (0.5, 0.5)));
        Assert.False(Times.exist(Times.measure(lab.Lab, ListModule.Empty<MedTransfer.Trials.TrialResult>(), outcomes, FSharpList<Way>.Empty)));
        Assert.Equal("", Times.note(Times.none));
    }

    [Fact]
    public void Table_3_counts_the_validation_images_that_choose_an_epoch_and_says_what_a_seed_draws()
    {
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        string Caption(TargetSize size, string table) => Scores.tables(
            lab.Lab, MapModule.Empty<string, Table.Study>(), Timed, "no transfer", size, ListModule.OfSeq(made.Way("frozen", new HandMade { Size = size }))).CaptionOf(table);
        Assert.Contains("all training images, none of validation", Caption(TargetSize.AllImages, "table3-all"));
        Assert.Contains("measured alone after all others", Caption(TargetSize.AllImages, "table3-all"));
        Assert.Contains("all on the same images", Caption(TargetSize.AllImages, "differences-all"));
        Assert.Contains("a draw of the sample and a pretraining of its own", Caption(TargetSize.NewImages(300), "differences-300"));
    }
}
