using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>A recipe that is left once its trials are submitted to a real cluster, and the job that makes its page.</summary>
public sealed class SlurmDetachTests(SlurmCluster cluster) : OnSlurm(cluster)
{
    [Fact]
    public void Recipe_that_is_left_finds_its_trials_on_its_return_and_its_page_is_made()
    {
        Cluster.Require();
        var child = new Trial(Data.Spec with { Transfer = TransferPlan.Frozen(Lengthy.AsOrigin) }, "child");
        var page = Page("echo \"after $MEDTRANSFER_AFTER_SUBMISSION\" > page");

        var left = Assert.Throws<DetachedException>(() => Run([Lengthy, child], detached: page));
        var asked = Assert.Throws<DetachedException>(() => Run([Lengthy, child], detached: page));
        var results = Run([Lengthy, child]);

        Assert.Matches(@"^2 of 2 trials are on the way in jobs \d+, \d+, \d running; 0 over\. Job \d+ makes the page after them\. The same command tells how far they are; without --detach it waits for them\.$", left.Message);
        Assert.Matches(@"^\d of 2 trials (is|are) on the way in jobs? .* Job \d+ makes the page after them\.", asked.Message);
        Assert.Equal(150, results[0].History.Count);
        Assert.Equal(2, Submitted.Arrays);   // nothing was submitted twice
        SlurmCluster.UntilIdle();
        Assert.Equal($"after {Submission}\n", File.ReadAllText(Data["page"]));
    }

    [Fact]
    public void Another_recipe_of_the_same_trials_has_a_page_of_its_own()
    {
        Cluster.Require();
        Assert.Throws<DetachedException>(() => Run([Lengthy], detached: Page("echo one > one", makes: "one")));

        Assert.Throws<DetachedException>(() => Run([Lengthy], detached: Page("echo two > two", makes: "two")));

        SlurmCluster.UntilIdle();
        Assert.Equal(("one\n", "two\n"), (File.ReadAllText(Data["one"]), File.ReadAllText(Data["two"])));
        Assert.Equal(1, Submitted.Arrays);
    }

    /// <summary>As where it is called again with other options.</summary>
    [Fact]
    public void Of_two_commands_for_one_page_the_later_makes_it()
    {
        Cluster.Require();
        Assert.Throws<DetachedException>(() => Run([Lengthy], detached: Page("echo one >> page")));

        Assert.Throws<DetachedException>(() => Run([Lengthy], detached: Page("echo two >> page")));

        SlurmCluster.UntilIdle();
        Assert.Equal("two\n", File.ReadAllText(Data["page"]));
    }

    [Fact]
    public void What_can_t_begin_is_said_where_the_recipe_is_left()
    {
        Cluster.Require();
        SlurmCluster.Ask("scontrol", "update", $"nodename={SlurmCluster.Node}", "state=drain", "reason=test");
        try
        {
            Assert.Throws<DetachedException>(() => Run([Lengthy], detached: Page("true")));
            SlurmCluster.Until(() => SlurmCluster.Ask("squeue", "--noheader", "--format=%r").Contains("DRAINED", StringComparison.Ordinal), "a reason");
            Assert.Throws<DetachedException>(() => Run([Lengthy], detached: Page("true")));

            Assert.Contains(Notices, notice => notice.StartsWith("Tasks wait; Slurm says: Nodes required for job are DOWN, DRAINED", StringComparison.Ordinal));
        }
        finally
        {
            SlurmCluster.Ask("scancel", "--user=root");
            SlurmCluster.Ask("scontrol", "update", $"nodename={SlurmCluster.Node}", "state=resume");
        }
    }

    /// <summary>As a user's shell may set it for every squeue.</summary>
    [Fact]
    public void What_the_environment_has_squeue_leave_out_is_seen_all_the_same()
    {
        Cluster.Require();
        Environment.SetEnvironmentVariable("SQUEUE_USERS", "nobody");
        try
        {
            Assert.Throws<DetachedException>(() => Run([Endless], detached: Page("true")));

            Assert.Throws<DetachedException>(() => Run([Endless], detached: Page("true")));

            Assert.Equal(1, Submitted.Arrays);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SQUEUE_USERS", null);
        }
    }

    /// <summary>The job for the page tries nothing again by itself, or it would go on for ever.</summary>
    [Fact]
    public void After_its_submission_a_trial_that_is_not_done_has_failed()
    {
        Cluster.Require();
        var broken = new Trial(Data.Spec with { Fit = Data.Spec.Fit with { LearningRate = 1e30 } }, "broken");
        var page = Page("true");
        Assert.Throws<DetachedException>(() => Run([broken], detached: page));
        SlurmCluster.UntilIdle();
        Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, Submission);
        try
        {
            var error = Assert.Throws<MedTransferException>(() => Run([broken], detached: page));

            Assert.Contains("lower the learning rate", error.Message, StringComparison.Ordinal);
            Assert.Single(Submissions);
        }
        finally
        {
            Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, null);
        }

        Notices.Clear();
        Assert.Throws<MedTransferException>(() => Run([broken]));
        Assert.Equal(2, Submissions.Count);   // asked by a person it is tried again, which is said
        Assert.StartsWith("1 trial failed before (The training loss became", Notices[0], StringComparison.Ordinal);
    }

    /// <summary>Else each would try again what only the other had tried, for ever.</summary>
    [Fact]
    public void Job_for_the_page_knows_every_submission_that_it_comes_after()
    {
        Cluster.Require();
        Trial Broken(int seed) => new(Data.Spec with { Seed = seed, Fit = Data.Spec.Fit with { LearningRate = 1e30 } }, "broken");
        var page = Page("echo \"$MEDTRANSFER_AFTER_SUBMISSION\" > after");
        Assert.Throws<DetachedException>(() => Run([Lengthy, Broken(1)], detached: Page("true", makes: "another")));

        Assert.Throws<DetachedException>(() => Run([Lengthy, Broken(1), Broken(2)], detached: page));

        SlurmCluster.UntilIdle();
        Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, File.ReadAllText(Data["after"]).TrimEnd());
        try
        {
            var error = Assert.Throws<MedTransferException>(() => Run([Lengthy, Broken(1), Broken(2)], detached: page));

            Assert.StartsWith("2 of 3 trials are missing.", error.Message, StringComparison.Ordinal);
            Assert.Equal(2, Submissions.Count);
        }
        finally
        {
            Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, null);
        }
    }
}
