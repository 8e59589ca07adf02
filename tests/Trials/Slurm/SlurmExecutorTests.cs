using System.Diagnostics;
using System.Text.Json;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>On a real Slurm cluster, of one node.</summary>
[Collection(OneAtATime.Name)]
public sealed class SlurmExecutorTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private static readonly WatchIntervals Often = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3));

    private readonly SquaresTrials data = new();
    private readonly List<TrialProgress> told = [];
    private readonly List<string> notices = [];

    private static CancellationToken Unstopped => TestContext.Current.CancellationToken;

    private Trial Endless => new(data.Spec with { Fit = new() { Epochs = 1_000_000 } }, "endless");

    // seconds, so that it can be stopped on the way
    private Trial Long => new(data.Spec with { Fit = new() { Epochs = 150 } }, "long");

    private string Jobs => data["jobs"];

    private string Submission => Assert.Single(Directory.GetDirectories(Jobs));

    public void Dispose()
    {
        SlurmCommands.Cancel([.. SubmissionFolder.All(Jobs).SelectMany(folder => folder.ReadSubmitted().Jobs)]);
        data.Dispose();
    }

    [Fact]
    public void Layers_run_after_each_other_and_give_the_bytes_of_this_process()
    {
        cluster.Require();
        var tuned = new Trial(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin), Data = data.Spec.Target with { TrainImages = 10 } }, "tuned");
        Trial[] trials =
        [
            new(data.Spec with { Transfer = TransferPlan.Frozen(tuned.AsOrigin) }, "grandchild"),
            tuned,
            new(data.Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "converged"),
            data.Trial,
        ];
        using var here = data.Runner(data["here"]);
        var expected = here.Run(trials, cancellation: Unstopped);

        var results = Run(trials);

        Assert.Equal(trials.Select(trial => trial.Name), results.Select(result => result.Trial.Name));
        foreach (var (one, other) in expected.Zip(results))
        {
            Assert.Equal(SquaresTrials.Artefacts(one.Folder.FullPath), SquaresTrials.Artefacts(other.Folder.FullPath));
            Assert.Empty(Directory.GetDirectories(other.Folder.FullPath));   // neither claims nor checkpoints
        }

        Assert.Equal("layer,task,offset,trials\n0,0,0,2\n", string.Concat(File.ReadLines(Path.Combine(Submission, "tasks.csv")).Take(2).Select(line => line + "\n")));
        Assert.Equal(3, new SubmissionsOf(Jobs).Arrays);
        Assert.Equal(4, told.Count(progress => progress.Stage == TrialStage.Done));
        Assert.Matches(@"^Submitted 4 trials as jobs \d+, \d+, \d+, logs in .*/logs\.$", Assert.Single(notices));
    }

    /// <summary>MaxArraySize of the cluster is 11, and every trial a task of its own.</summary>
    [Fact]
    public void Fifty_trials_are_as_many_tasks_as_may_be_in_several_arrays()
    {
        cluster.Require();
        Trial[] trials = [.. Enumerable.Range(0, 50).Select(seed => new Trial(data.Spec with { Seed = seed, Fit = data.Spec.Fit with { Epochs = 1 } }, "one"))];

        var results = Run(trials, new() { TaskLength = TimeSpan.FromSeconds(1), MostTasks = 13, AtATime = 3 });

        Assert.Equal(50, results.Select(result => result.Folder.Name).Distinct().Count());
        var arrays = new SubmissionsOf(Jobs);
        Assert.Equal((2, true), (arrays.Arrays, arrays.Tasks is > 11 and <= 13));
    }

    [Fact]
    public void Trial_that_fails_says_why_and_the_others_are_done()
    {
        cluster.Require();
        var broken = new Trial(data.Spec with { Fit = data.Spec.Fit with { LearningRate = 1e30 } }, "broken");
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(broken.AsOrigin) }, "child");

        var error = Assert.Throws<MedTransferException>(() => Run([child, broken, data.Trial]));

        Assert.Contains("2 of 3 trials are missing. broken, seed 1", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"lower the learning rate.* \(log .*/logs/\d+_0\.out\)", error.Message);
        Assert.Contains("Not run without them: child, seed 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, data.Run(data.Trial)[0].History.Count);
        SlurmCluster.UntilIdle();
        Assert.Contains($"child is not run: it needs trial {broken.Name}", Logs(), StringComparison.Ordinal);
    }

    [Fact]
    public void Killed_task_fails_its_trial_with_its_log_s_last_line()
    {
        cluster.Require();

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
        cluster.Require();
        using var here = data.Runner(data["here"]);
        var whole = here.Run([Long], cancellation: Unstopped)[0].Folder.FullPath;

        var error = Assert.Throws<MedTransferException>(() => Run([Long], told: Once(TrialStage.Started, () =>
        {
            Thread.Sleep(700);   // some epochs
            SlurmCluster.Ask("scancel", "--user=root");
        })));

        Assert.Contains("ended without it", error.Message, StringComparison.Ordinal);
        var folder = new TrialFolder(data.Runs, Long.Name);
        Assert.NotNull(folder.Checkpoint.Position);
        told.Clear();
        Run([Long], clear: true);
        Assert.Equal(SquaresTrials.Artefacts(whole), SquaresTrials.Artefacts(folder.FullPath));
    }

    [Fact]
    public void Task_whose_time_is_up_is_queued_again_and_goes_on_to_the_same_bytes()
    {
        cluster.Require();
        using var here = data.Runner(data["here"]);
        var whole = here.Run([Long], cancellation: Unstopped)[0].Folder.FullPath;

        Run([Long], told: Once(TrialStage.Started, () =>
        {
            Thread.Sleep(700);
            SlurmCluster.Ask("scancel", "--signal=USR2", "--batch", Assert.Single(SlurmCluster.Queue));
        }));

        Assert.Contains("The time is nearly up: it goes on from here in a later turn.", Logs(), StringComparison.Ordinal);
        Assert.Equal(2, Logs().Split($"trial {Long.Name}").Length - 1);
        Assert.Equal(SquaresTrials.Artefacts(whole), SquaresTrials.Artefacts(new TrialFolder(data.Runs, Long.Name).FullPath));
    }

    [Fact]
    public void Stopped_recipe_cancels_its_tasks_and_leaves_what_goes_on()
    {
        cluster.Require();
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Run([Endless], told: Once(TrialStage.Started, () =>
        {
            SlurmCluster.Until(() => new TrialFolder(data.Runs, Endless.Name).Checkpoint.Position is not null, "first copy");
            Thread.Sleep(1000);   // many epochs
            stop.Cancel();
        }), cancellation: stop.Token));

        SlurmCluster.UntilIdle();
        Assert.True(new TrialFolder(data.Runs, Endless.Name).Checkpoint.Position?.Epochs > 1);   // more than the first copy, after the first epoch, has
    }

    [Fact]
    public void Recipe_that_is_left_finds_its_trials_on_its_return_and_its_page_is_made()
    {
        cluster.Require();
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(Long.AsOrigin) }, "child");
        var page = new PageCommand(data["."], ["/bin/sh", "-c", "echo \"after $MEDTRANSFER_AFTER_SUBMISSION\" > page"]);

        var left = Assert.Throws<DetachedException>(() => Run([Long, child], detached: page));
        var asked = Assert.Throws<DetachedException>(() => Run([Long, child], detached: page));
        var results = Run([Long, child]);

        Assert.Matches(@"^Left: 2 trials in jobs \d+, \d+, \d running\. Job \d+ makes the page after them\.", left.Message);
        Assert.Matches(@"^Left: \d trials? in jobs? .* Job \d+ makes the page after them\.", asked.Message);
        Assert.Equal(150, results[0].History.Count);
        Assert.Equal(2, new SubmissionsOf(Jobs).Arrays);   // nothing was submitted twice
        SlurmCluster.UntilIdle();
        Assert.Equal($"after {Submission}\n", File.ReadAllText(data["page"]));
    }

    [Fact]
    public void Another_recipe_of_the_same_trials_has_a_page_of_its_own()
    {
        cluster.Require();
        Assert.Throws<DetachedException>(() => Run([Long], detached: new(data["."], ["/bin/sh", "-c", "echo one > one"])));

        Assert.Throws<DetachedException>(() => Run([Long], detached: new(data["."], ["/bin/sh", "-c", "echo two > two"])));

        SlurmCluster.UntilIdle();
        Assert.Equal(("one\n", "two\n"), (File.ReadAllText(data["one"]), File.ReadAllText(data["two"])));
        Assert.Equal(1, new SubmissionsOf(Jobs).Arrays);
    }

    /// <summary>The job for the page tries nothing again by itself, or it would go on for ever.</summary>
    [Fact]
    public void After_its_submission_a_trial_that_is_not_done_has_failed()
    {
        cluster.Require();
        var broken = new Trial(data.Spec with { Fit = data.Spec.Fit with { LearningRate = 1e30 } }, "broken");
        var page = new PageCommand(data["."], ["/bin/true"]);
        Assert.Throws<DetachedException>(() => Run([broken], detached: page));
        SlurmCluster.UntilIdle();
        Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, Submission);
        try
        {
            var error = Assert.Throws<MedTransferException>(() => Run([broken], detached: page));

            Assert.Contains("lower the learning rate", error.Message, StringComparison.Ordinal);
            Assert.Single(Directory.GetDirectories(Jobs));
        }
        finally
        {
            Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, null);
        }

        notices.Clear();
        Assert.Throws<MedTransferException>(() => Run([broken]));
        Assert.Equal(2, Directory.GetDirectories(Jobs).Length);   // asked by a person it is tried again, which is said
        Assert.StartsWith("1 trial failed before (The training loss became", notices[0], StringComparison.Ordinal);
    }

    /// <summary>Else each would try again what only the other had tried, for ever.</summary>
    [Fact]
    public void Job_for_the_page_knows_every_submission_that_it_comes_after()
    {
        cluster.Require();
        Trial Broken(int seed) => new(data.Spec with { Seed = seed, Fit = data.Spec.Fit with { LearningRate = 1e30 } }, "broken");
        var page = new PageCommand(data["."], ["/bin/sh", "-c", "echo \"$MEDTRANSFER_AFTER_SUBMISSION\" > after"]);
        Assert.Throws<DetachedException>(() => Run([Long, Broken(1)], detached: new(data["."], ["/bin/true"])));

        Assert.Throws<DetachedException>(() => Run([Long, Broken(1), Broken(2)], detached: page));

        SlurmCluster.UntilIdle();
        Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, File.ReadAllText(data["after"]).TrimEnd());
        try
        {
            var error = Assert.Throws<MedTransferException>(() => Run([Long, Broken(1), Broken(2)], detached: page));

            Assert.StartsWith("2 of 3 trials are missing.", error.Message, StringComparison.Ordinal);
            Assert.Equal(2, Directory.GetDirectories(Jobs).Length);
        }
        finally
        {
            Environment.SetEnvironmentVariable(SlurmExecutor.AfterVariable, null);
        }
    }

    [Fact]
    public async Task Second_recipe_on_the_same_folder_submits_nothing_that_the_first_has()
    {
        cluster.Require();
        var first = Task.Run(() => Run([Long]), Unstopped);
        var second = Task.Run(() => Run([Long]), Unstopped);

        Assert.Equal((await first)[0].Folder.FullPath, (await second)[0].Folder.FullPath);
        Assert.Single(Directory.GetDirectories(Jobs));
        Assert.Equal(1, Logs().Split($"trial {Long.Name}").Length - 1);
    }

    [Fact]
    public void What_Slurm_refuses_is_one_line_and_leaves_nothing()
    {
        cluster.Require();

        var error = Assert.Throws<MedTransferException>(() => Run([data.Trial], SlurmOptions.Parse("partition=nowhere")));

        Assert.StartsWith("Slurm refuses: sbatch: error: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("invalid partition", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("see --engine-options (tasks=N submits fewer), or leave --engine out to train on this machine.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Directory.GetDirectories(Jobs));
    }

    [Fact]
    public void Without_Slurm_s_programs_it_is_said_where_they_are()
    {
        SlurmCommands.Folder = data["nowhere"];
        try
        {
            Assert.StartsWith("There is no scontrol here: --engine slurm runs where jobs", Assert.Throws<MedTransferException>(() => Run([data.Trial])).Message, StringComparison.Ordinal);
        }
        finally
        {
            SlurmCommands.Folder = null;
        }
    }

    [Fact]
    public void Trials_on_a_gpu_ask_for_one()
    {
        using var executor = new SlurmExecutor(data.Runs, Jobs, new());

        Assert.Contains("gres=gpu:1", Assert.Throws<MedTransferException>(() => executor.Require(["cuda"])).Message, StringComparison.Ordinal);
        new SlurmExecutor(data.Runs, Jobs, SlurmOptions.Parse("gres=gpu:1")).Require(["cuda"]);
        executor.Require(["cpu"]);
    }

    private IReadOnlyList<TrialResult> Run(
        IReadOnlyList<Trial> trials, SlurmOptions? options = null, Action<TrialProgress>? told = null, PageCommand? detached = null, bool clear = false, CancellationToken? cancellation = null)
    {
        if (clear)
            Directory.Delete(Jobs, recursive: true);
        using var runner = new TrialRunner(data.Runs, [data.Source])
        {
            Workers = 4,
            Executor = _ => new SlurmExecutor(data.Runs, Jobs, options ?? new()) { Intervals = Often, Notice = notices.Add, Detaches = detached is not null, Page = detached },
        };
        return runner.Run(trials, progress =>
        {
            lock (this.told)
                this.told.Add(progress);
            told?.Invoke(progress);
        }, cancellation ?? Unstopped);
    }

    private static Action<TrialProgress> Once(TrialStage stage, Action action)
    {
        var isOver = false;
        return progress =>
        {
            if (progress.Stage != stage || isOver)
                return;
            isOver = true;
            action();
        };
    }

    private int HolderOf(Trial trial)
    {
        var claim = Assert.Single(Directory.GetDirectories(new TrialFolder(data.Runs, trial.Name).FullPath, "claim-*"));
        using var holder = JsonDocument.Parse(File.ReadAllText(Path.Combine(claim, "holder.json")));
        return holder.RootElement.GetProperty("Process").GetInt32();
    }

    private string Logs() => string.Concat(Directory.GetDirectories(Jobs).SelectMany(folder => Directory.GetFiles(Path.Combine(folder, "logs"))).Select(File.ReadAllText));

    private sealed class SubmissionsOf(string jobs)
    {
        private readonly List<SubmittedArray> arrays = [.. SubmissionFolder.All(jobs).SelectMany(folder => folder.ReadSubmitted().Arrays)];

        public int Arrays => arrays.Count;

        public int Tasks => arrays.Sum(array => array.Tasks);
    }
}
