using MedTransfer.Models;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

public sealed class TrialScheduleTests
{
    private readonly List<TrialProgress> told = [];

    [Fact]
    public void Trial_waits_for_those_it_needs_alone()
    {
        var (parent, child, other) = (Of(1), Of(2, of: Of(1)), Of(3));
        var schedule = Schedule([child, parent, other]);

        Assert.Equal([parent, other, null], [schedule.TakeNext(), schedule.TakeNext(), schedule.TakeNext()]);
        schedule.Done(other);
        Assert.Null(schedule.TakeNext());
        schedule.Done(parent);
        Assert.Equal(child, schedule.TakeNext());
    }

    [Fact]
    public void Most_work_ahead_goes_first_and_equals_as_asked()
    {
        var (longest, parent, small, same) = (Of(1, epochs: 30), Of(2, epochs: 15), Of(3, epochs: 5), Of(4, epochs: 5));
        var child = Of(5, of: parent, epochs: 20);   // 15 + 20 before 30

        var schedule = Schedule([small, same, longest, child, parent]);

        Assert.Equal([parent, longest, small, same, null], Enumerable.Range(0, 5).Select(_ => schedule.TakeNext()));
    }

    [Fact]
    public void Failure_leaves_out_all_that_descend_from_it_and_nothing_else()
    {
        var parent = Of(1);
        var child = Of(2, of: parent);
        var (grandchild, other) = (Of(3, of: child), Of(4));
        var schedule = Schedule([parent, child, grandchild, other]);
        schedule.TakeNext();

        schedule.Fail(parent, new MedTransferException("it broke."));

        Assert.Equal([other, null], [schedule.TakeNext(), schedule.TakeNext()]);
        schedule.Done(other);
        Assert.Equal(
            [(1, TrialStage.Started, 0), (1, TrialStage.Failed, 1), (2, TrialStage.LeftOut, 2), (3, TrialStage.LeftOut, 3), (4, TrialStage.Started, 3), (4, TrialStage.Done, 4)],
            told.Select(progress => (progress.Trial.Spec.Seed, progress.Stage, progress.Ended)));
        var error = Assert.Throws<MedTransferException>(schedule.RequireAll);
        Assert.StartsWith($"3 of 4 trials are missing. way, seed 1 (trial {parent.Name}): it broke. Not run without them: way, seed 2; way, seed 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_are_said_once_and_of_many_trials_the_first()
    {
        Trial[] trials = [.. Enumerable.Range(1, 9).Select(seed => Of(seed))];
        Trial[] children = [.. trials.Take(4).Select((trial, i) => Of(10 + i, of: trial))];
        var schedule = Schedule([.. trials, .. children]);
        while (schedule.TakeNext() is { } trial)
            schedule.Fail(trial, new MedTransferException(trial.Spec.Seed <= 5 ? "The disk is full." : $"reason {trial.Spec.Seed}"));

        var error = Assert.Throws<MedTransferException>(schedule.RequireAll);

        string Name(int seed) => $"way, seed {seed} (trial {trials[seed - 1].Name})";
        Assert.StartsWith(
            $"13 of 13 trials are missing. {Name(1)}; {Name(2)}; {Name(3)}; and 2 more: The disk is full; {Name(6)}: reason 6; {Name(7)}: reason 7; and 2 more. Not run without them: way, seed 10; way, seed 11; way, seed 12; and 1 more. The others",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensemble_waits_for_all_its_members_and_is_left_out_once()
    {
        var (one, two) = (Of(1), Of(2));
        var ensemble = new Trial(one.Spec with { Members = [one.Name, two.Name], Seed = 3 }, "way");
        var schedule = Schedule([ensemble, one, two]);

        Assert.Equal([one, two, null], [schedule.TakeNext(), schedule.TakeNext(), schedule.TakeNext()]);
        schedule.Done(one);
        Assert.Null(schedule.TakeNext());
        schedule.Fail(two, new MedTransferException("it broke"));
        Assert.Single(told, progress => progress is { Stage: TrialStage.LeftOut, Ended: 3 });
    }

    [Fact]
    public void Failure_of_the_only_trial_is_its_own_error()
    {
        var schedule = Schedule([Of(1)]);
        var error = new InvalidOperationException("unforeseen");

        schedule.Fail(schedule.TakeNext()!, error);

        Assert.Same(error, Assert.Throws<InvalidOperationException>(schedule.RequireAll));
        Assert.Equal("InvalidOperationException: unforeseen", told[^1].Error);
    }

    [Fact]
    public void Nothing_failed_is_no_error()
    {
        var schedule = Schedule([Of(1)]);
        schedule.Done(schedule.TakeNext()!);

        schedule.RequireAll();
    }

    private TrialSchedule Schedule(IReadOnlyList<Trial> trials) => new(trials, trials, trial => trial.Spec.Fit.Epochs, told.Add);

    private static Trial Of(int seed, Trial? of = null, int epochs = 10) => new(
        new TrialSpec
        {
            Data = new DataReference { Path = "a.npz", Digest = new string('0', 32) },
            Model = new ModelOptions { Latent = 8 },
            Transfer = of is null ? TransferPlan.Scratch : TransferPlan.FineTuned(of.AsOrigin),
            Fit = new() { Epochs = epochs },
            Seed = seed,
        },
        "way");
}
