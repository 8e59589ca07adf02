using MedTransfer.Evaluation.Verdicts;

namespace MedTransfer.Tests.Evaluation.Verdicts;

public sealed class TransferVerdictTests
{
    [Theory]
    [InlineData(WayVerdict.Better, WayVerdict.Better, TransferAnswer.Helps, Trust.Yes)]
    [InlineData(WayVerdict.BetterByLess, WayVerdict.Better, TransferAnswer.Helps, Trust.Yes)]
    [InlineData(WayVerdict.Better, WayVerdict.NoDifferenceShown, TransferAnswer.HelpsNoMoreThanControls, Trust.NotYet)]
    [InlineData(WayVerdict.Better, WayVerdict.Untested, TransferAnswer.HelpsNoMoreThanControls, Trust.NotYet)]
    [InlineData(WayVerdict.Better, WayVerdict.Equivalent, TransferAnswer.HelpsNoMoreThanControls, Trust.Yes)]
    [InlineData(WayVerdict.Better, WayVerdict.Worse, TransferAnswer.HelpsNoMoreThanControls, Trust.Yes)]
    [InlineData(WayVerdict.Equivalent, WayVerdict.Better, TransferAnswer.MakesNoDifference, Trust.Yes)]
    [InlineData(WayVerdict.NoDifferenceShown, WayVerdict.Better, TransferAnswer.NotShown, Trust.NotYet)]
    [InlineData(WayVerdict.TooFewSeeds, WayVerdict.TooFewSeeds, TransferAnswer.NotShown, Trust.NotYet)]
    [InlineData(WayVerdict.Untested, WayVerdict.Better, TransferAnswer.NotShown, Trust.NotYet)]
    [InlineData(WayVerdict.Worse, WayVerdict.Better, TransferAnswer.Harms, Trust.Yes)]
    [InlineData(WayVerdict.WorseByLess, WayVerdict.Worse, TransferAnswer.Harms, Trust.Yes)]
    public void To_help_is_to_beat_no_transfer_and_the_best_control(WayVerdict overNone, WayVerdict overControl, TransferAnswer answer, Trust trust) =>
        Assert.Equal(new TransferVerdict(answer, trust), TransferVerdict.Of(overNone, overControl, isVoid: false));

    [Fact]
    public void What_is_void_says_nothing() =>
        Assert.Equal(new TransferVerdict(TransferAnswer.None, Trust.No), TransferVerdict.Of(WayVerdict.Better, WayVerdict.Better, isVoid: true));
}
