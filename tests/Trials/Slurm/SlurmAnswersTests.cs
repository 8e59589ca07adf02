using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>What Slurm's programs print, as they print it.</summary>
public sealed class SlurmAnswersTests
{
    [Fact]
    public void Limits_are_those_of_the_configuration()
    {
        var limits = SlurmLimits.Parse("Configuration data as of 2026-01-01T00:00:00\nMaxArraySize            = 501\nMaxDBDMsgs              = 20008\nMaxJobCount             = 300\n");

        Assert.Equal(new SlurmLimits(501, 300), limits);
        Assert.Equal(150, limits.MostTasks);
        Assert.Equal(new SlurmLimits(1001, 10_000), SlurmLimits.Parse(""));
    }

    /// <summary>One job of what may be submitted is that of the page.</summary>
    [Theory]
    [InlineData("", 5000)]
    [InlineData("\n", 5000)]
    [InlineData("200\n\n50\n", 5000)]
    [InlineData("200\n50\n", 199)]
    [InlineData("1\n", 1)]
    public void The_most_lenient_limit_of_this_user_s_accounts_holds(string lines, int most) =>
        Assert.Equal(most, new SlurmLimits(1001, 10_000).OfAssociations(lines).MostTasks);

    [Fact]
    public void An_array_asks_for_what_its_trials_need()
    {
        var submission = new SlurmSubmission("runs", "jobs", SlurmOptions.Parse("partition=long").WithAtATime(40), new(1001, 10_000));

        Assert.Equal(
            ["--partition=long", "--array=0-999%10", "--cpus-per-task=2", "--signal=B:USR2@90", "--requeue", "--open-mode=append", "--job-name=medtransfer"],
            submission.ArrayWords(tasks: 1000, arrays: 4, threads: 2));
        Assert.Equal("--array=0-0", new SlurmSubmission("runs", "jobs", new(), new(1001, 10_000)).ArrayWords(1, 1, 1)[0]);
    }

    /// <summary>Trials done count before epochs, these before steps.</summary>
    [Fact]
    public void A_task_gets_further_by_trials_epochs_or_steps()
    {
        var before = new TaskProgress(2, 5, 30);

        Assert.All([new TaskProgress(3, 0, 0), new(2, 6, 0), new(2, 5, 31)], after => Assert.True(after.CompareTo(before) > 0));
        Assert.All([before, new TaskProgress(2, 5, 29), new(1, 9, 99), TaskProgress.Of(2, null)], after => Assert.True(after.CompareTo(before) <= 0));
    }

    [Fact]
    public void Tasks_of_arrays_and_jobs_of_their_own_are_read_from_the_queue()
    {
        Assert.Equal(new KnownTask(12, 3, "PENDING", "Resources"), KnownTask.Parse("12 3 PENDING Resources"));
        Assert.Equal(new KnownTask(20, null, "RUNNING", "None"), KnownTask.Parse("20 N/A RUNNING None"));
        Assert.Equal("ReqNodeNotAvail, Reserved for maintenance", KnownTask.Parse("12 3 PENDING ReqNodeNotAvail, Reserved for maintenance")!.Reason);
        Assert.Null(KnownTask.Parse(""));
        Assert.Null(KnownTask.Parse("slurm_load_jobs error: Unable to contact slurm controller"));
    }

    [Theory]
    [InlineData("PENDING", false, null)]
    [InlineData("RUNNING", false, null)]
    [InlineData("COMPLETING", false, null)]
    [InlineData("REQUEUED", false, null)]
    [InlineData("COMPLETED", true, null)]
    [InlineData("FAILED", true, null)]
    [InlineData("CANCELLED", true, "was cancelled")]
    [InlineData("OUT_OF_MEMORY", true, "ran out of memory (--engine-options mem=... asks for more)")]
    [InlineData("NODE_FAIL", true, "ended with its node, which failed")]
    public void A_task_s_state_tells_whether_it_is_over_and_how_it_ended(string state, bool isOver, string? how)
    {
        var task = KnownTask.Parse($"12 3 {state} None")!;

        Assert.Equal((isOver, how), (task.IsOver, task.HowItEnded));
    }

    [Theory]
    [InlineData("PENDING Priority", null)]
    [InlineData("PENDING Dependency", null)]
    [InlineData("RUNNING ReqNodeNotAvail, UnavailableNodes:a1", null)]
    [InlineData("PENDING ReqNodeNotAvail, UnavailableNodes:a1", "Tasks wait; Slurm says: ReqNodeNotAvail, UnavailableNodes:a1.")]
    [InlineData("PENDING JobHeldUser", "Tasks wait; Slurm says: JobHeldUser, which does not pass by itself: scontrol release or resume, or scancel and run again.")]
    [InlineData("SUSPENDED None", "Tasks wait; Slurm says: SUSPENDED, which does not pass by itself: scontrol release or resume, or scancel and run again.")]
    public void A_task_that_waits_for_what_does_not_pass_by_itself_is_worth_a_word(string line, string? word) =>
        Assert.Equal(word, KnownTask.Parse("12 3 " + line)!.WhyItWaits);
}
