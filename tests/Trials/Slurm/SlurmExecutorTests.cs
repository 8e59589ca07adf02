using System.Diagnostics;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>Trials on a real Slurm cluster, of one node, which the recipe waits for.</summary>
public sealed class SlurmExecutorTests(SlurmCluster cluster) : OnSlurm(cluster)
{
    [Fact]
    public void Layers_run_after_each_other_and_give_the_bytes_of_this_process()
    {
        Cluster.Require();
        var tuned = new Trial(Data.Spec with { Transfer = TransferPlan.FineTuned(Data.Trial.AsOrigin), Data = Data.Spec.Target with { TrainImages = 10 } }, "tuned");
        Trial[] trials =
        [
            new(Data.Spec with { Transfer = TransferPlan.Frozen(tuned.AsOrigin) }, "grandchild"),
            tuned,
            new(Data.Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "converged"),
            Data.Trial,
        ];
        using var here = Data.Runner(Data["here"]);
        var expected = here.Run(trials, cancellation: Unstopped);

        var results = Run(trials);

        Assert.Equal(trials.Select(trial => trial.Name), results.Select(result => result.Trial.Name));
        SlurmCluster.UntilIdle();   // tasks tidy up after their trials are done
        foreach (var (one, other) in expected.Zip(results))
        {
            Assert.Equal(SquaresTrials.Artefacts(one.Folder.FullPath), SquaresTrials.Artefacts(other.Folder.FullPath));
            Assert.Empty(Directory.GetDirectories(other.Folder.FullPath));   // neither claims nor checkpoints
        }

        Assert.Equal("layer,task,offset,trials\n0,0,0,2\n", string.Concat(File.ReadLines(Path.Combine(Submission, "tasks.csv")).Take(2).Select(line => line + "\n")));
        Assert.Equal(3, Submitted.Arrays);
        Assert.Equal(4, Told.Count(progress => progress.Stage == TrialStage.Done));
        Assert.Matches(@"^Submitted 4 trials as jobs \d+, \d+, \d+, logs in .*/logs\.$", Assert.Single(Notices));
    }

    /// <summary>MaxArraySize of the cluster is 11, and every trial a task of its own.</summary>
    [Fact]
    public void Fifty_trials_are_as_many_tasks_as_may_be_in_several_arrays()
    {
        Cluster.Require();
        Trial[] trials = [.. Enumerable.Range(0, 50).Select(seed => new Trial(Data.Spec with { Seed = seed, Fit = Data.Spec.Fit with { Epochs = 1 } }, "one"))];

        var results = Run(trials, new() { TaskLength = TimeSpan.FromSeconds(1), MostTasks = 13, AtATime = 3 });

        Assert.Equal(50, results.Select(result => result.Folder.Name).Distinct().Count());
        var arrays = Submitted;
        Assert.Equal((2, true), (arrays.Arrays, arrays.Tasks is > 11 and <= 13));
    }

    [Fact]
    public void Trial_that_fails_says_why_and_the_others_are_done()
    {
        Cluster.Require();
        var broken = new Trial(Data.Spec with { Fit = Data.Spec.Fit with { LearningRate = 1e30 } }, "broken");
        var child = new Trial(Data.Spec with { Transfer = TransferPlan.Frozen(broken.AsOrigin) }, "child");

        var error = Assert.Throws<MedTransferException>(() => Run([child, broken, Data.Trial]));

        Assert.Contains("2 of 3 trials are missing. broken, seed 1", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"lower the learning rate.* \(log .*/logs/\d+_0\.out\)", error.Message);
        Assert.Contains("Not run without them: child, seed 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Data.Run(Data.Trial)[0].History.Count);
        SlurmCluster.UntilIdle();
        Assert.Contains($"child is not run: it needs trial {broken.Name}", Logs(), StringComparison.Ordinal);
    }

    [Fact]
    public void Killed_task_fails_its_trial_with_its_log_s_last_line()
    {
        Cluster.Require();

        var error = Assert.Throws<MedTransferException>(() => Run([Endless], told: progress =>
        {
            if (progress.Stage == TrialStage.Started)
                Process.GetProcessById(HolderOf(Endless)).Kill();
        }));

        Assert.Matches(@"^its task \d+_0 ended without it, after "".*"" \(log .*/logs/\d+_0\.out\)$", error.Message);
        Assert.Contains("Killed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_array_leaves_trials_that_go_on_to_the_same_bytes()
    {
        Cluster.Require();
        using var here = Data.Runner(Data["here"]);
        var whole = here.Run([Lengthy], cancellation: Unstopped)[0].Folder.FullPath;

        var error = Assert.Throws<MedTransferException>(() => Run([Lengthy], told: Once(TrialStage.Started, () =>
        {
            Thread.Sleep(700);   // some epochs
            SlurmCluster.Ask("scancel", "--user=root");
        })));

        Assert.Matches(@"^its task \d+_0 was cancelled, after "".*"" \(log .*\)$", error.Message);
        var folder = new TrialFolder(Data.Runs, Lengthy.Name);
        Assert.NotNull(folder.Checkpoint.Position);
        Told.Clear();
        Run([Lengthy], clear: true);
        Assert.Equal(SquaresTrials.Artefacts(whole), SquaresTrials.Artefacts(folder.FullPath));
    }

    [Fact]
    public void Task_whose_time_is_up_is_queued_again_and_goes_on_to_the_same_bytes_while_what_needs_it_waits()
    {
        Cluster.Require();
        using var here = Data.Runner(Data["here"]);
        var whole = here.Run([Lengthy], cancellation: Unstopped)[0].Folder.FullPath;
        var child = new Trial(Data.Spec with { Transfer = TransferPlan.Frozen(Lengthy.AsOrigin) }, "child");

        Run([Lengthy, child], told: Once(TrialStage.Started, () =>
        {
            Thread.Sleep(700);
            SlurmCluster.Ask("scancel", "--signal=USR2", "--batch", SlurmCluster.Queue.Min()!);
        }));

        Assert.Contains("The time is nearly up: it goes on from here in a later turn.", Logs(), StringComparison.Ordinal);
        Assert.Equal(2, Logs().Split($", seed 1: trial {Lengthy.Name}").Length - 1);
        Assert.DoesNotContain("is not run", Logs(), StringComparison.Ordinal);
        Assert.Equal(SquaresTrials.Artefacts(whole), SquaresTrials.Artefacts(new TrialFolder(Data.Runs, Lengthy.Name).FullPath));
    }

    [Fact]
    public void Stopped_recipe_cancels_its_tasks_and_leaves_what_goes_on()
    {
        Cluster.Require();
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Run([Endless], told: Once(TrialStage.Started, () =>
        {
            SlurmCluster.Until(() => new TrialFolder(Data.Runs, Endless.Name).Checkpoint.Position is not null, "first copy");
            Thread.Sleep(1000);   // many epochs
            stop.Cancel();
        }), cancellation: stop.Token));

        Assert.Matches(@"^Cancelled job \d+; what they trained is kept\.$", Notices[^1]);
        SlurmCluster.UntilIdle();
        Assert.True(new TrialFolder(Data.Runs, Endless.Name).Checkpoint.Position?.Epochs > 1);   // more than the first copy, after the first epoch, has
    }

    [Fact]
    public async Task Second_recipe_on_the_same_folder_submits_nothing_that_the_first_has()
    {
        Cluster.Require();
        var first = Task.Run(() => Run([Lengthy]), Unstopped);
        var second = Task.Run(() => Run([Lengthy]), Unstopped);

        Assert.Equal((await first)[0].Folder.FullPath, (await second)[0].Folder.FullPath);
        Assert.Single(Submissions);
        Assert.Equal(1, Logs().Split($"trial {Lengthy.Name}").Length - 1);
    }
}
