using MedTransfer.Recipes;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Terminal;

public sealed class TimeLeftTests
{
    // an image a unit of work
    private static readonly FSharpFunc<Trial, double> Work = FuncConvert.FromFunc<Trial, double>(trial => trial.Spec.Target.TrainImages!.Value);

    [Fact]
    public void Nothing_is_foretold_before_anything_is_known()
    {
        Assert.Null(TimeLeft.ofTrial(Work, Known(), Running("a", 100)));
        Assert.Null(TimeLeft.ofAll(Work, 2, Known(), ListModule.OfSeq([Running("a", 100)]), ListModule.OfSeq([Trial("b", 100)])));
    }

    // half a second is what every trial takes; the rest goes with its work
    [Fact]
    public void Trial_takes_as_long_for_its_work_as_the_nearest_of_its_label() => Assert.Equal(
        0.5 + 2 * 10 - 4, TimeLeft.ofTrial(Work, Known(("a", 100, 10.5), ("a", 10, 3), ("b", 200, 99)), Running("a", 200, seconds: 4))!.Value, 1e-9);

    [Fact]
    public void Kind_not_seen_yet_is_as_slow_as_the_slowest() => Assert.Equal(
        20.5, TimeLeft.ofTrial(Work, Known(("a", 100, 10.5), ("b", 100, 20.5)), Running("c", 100))!.Value, 1e-9);

    [Fact]
    public void Own_epochs_tell_more_than_others_and_those_before_this_run_do_not_count() => Assert.Equal(
        8, TimeLeft.ofTrial(Work, Known(("a", 100, 99)), Running("a", 100, seconds: 2, epochs: 6, before: 5))!.Value, 1e-9);   // 1 of the 5 left took 2 s

    [Theory]
    [InlineData(1, 31.5)]
    [InlineData(2, 15.75)]
    [InlineData(9, 10.5)]   // not before the longest that runs
    public void Workers_share_what_is_left(int workers, double expected) => Assert.Equal(
        expected,
        TimeLeft.ofAll(Work, workers, Known(("a", 100, 10.5)), ListModule.OfSeq([Running("a", 100)]), ListModule.OfSeq([Trial("a", 100), Trial("a", 100)]))!.Value,
        1e-9);

    private static FSharpList<TimedTrial> Known(params IEnumerable<(string Label, int Images, double Seconds)> trials) =>
        ListModule.OfSeq(trials.Select(known => new TimedTrial(Trial(known.Label, known.Images), known.Seconds)));

    private static RunningTrial Running(string label, int images, double seconds = 0, int epochs = 0, int before = 0) =>
        new(Trial(label, images), seconds, epochs, before);

    private static Trial Trial(string label, int images) => new(
        new TrialSpec { Data = new DataReference { Path = "a.npz", Digest = new string('0', 32), TrainImages = images }, Fit = new() { Epochs = 10 } }, label);
}
