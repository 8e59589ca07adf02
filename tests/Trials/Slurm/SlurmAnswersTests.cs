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
    [InlineData("\n\n", 5000)]
    [InlineData("200\n\n50\n", 49)]
    [InlineData("1\n", 1)]
    public void The_least_limit_of_this_user_s_accounts_holds(string lines, int most) =>
        Assert.Equal(most, new SlurmLimits(1001, 10_000).OfAssociations(lines).MostTasks);

    [Fact]
    public void Tasks_of_arrays_and_jobs_of_their_own_are_read_from_the_queue()
    {
        Assert.Equal(new QueuedTask(12, 3, "PENDING", "Resources"), QueuedTask.Parse("15 12 3 PENDING Resources"));
        Assert.Equal(new QueuedTask(20, null, "RUNNING", "None"), QueuedTask.Parse("20 20 N/A RUNNING None"));
        Assert.Equal("ReqNodeNotAvail, Reserved for maintenance", QueuedTask.Parse("15 12 3 PENDING ReqNodeNotAvail, Reserved for maintenance")!.Reason);
        Assert.Null(QueuedTask.Parse(""));
        Assert.Null(QueuedTask.Parse("slurm_load_jobs error: Unable to contact slurm controller"));
    }
}
