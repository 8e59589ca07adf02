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
        Assert.Equal(new QueuedTask(12, 3, "PENDING", "Resources"), QueuedTask.Parse("12 3 PENDING Resources"));
        Assert.Equal(new QueuedTask(20, null, "RUNNING", "None"), QueuedTask.Parse("20 N/A RUNNING None"));
        Assert.Equal("ReqNodeNotAvail, Reserved for maintenance", QueuedTask.Parse("12 3 PENDING ReqNodeNotAvail, Reserved for maintenance")!.Reason);
        Assert.Null(QueuedTask.Parse(""));
        Assert.Null(QueuedTask.Parse("slurm_load_jobs error: Unable to contact slurm controller"));
    }
}
