using System.Diagnostics;
using System.Runtime.InteropServices;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Execution;

namespace MedTransfer.Tests.Trials.Workers;

[Collection(OneAtATime.Name)]
public sealed partial class WorkerPoolTests : IDisposable
{
    private Job JobOf(Trial trial) => new(trial.Spec, trial.Label, [data.Source.Place]);

    private readonly SquaresTrials data = new();
    private readonly List<TrialProgress> told = [];

    public void Dispose() => data.Dispose();

    private static CancellationToken Unstopped => TestContext.Current.CancellationToken;

    private Trial Endless => new(data.Spec with { Fit = new() { Epochs = 1_000_000 } }, "endless");

    [Fact]
    public void Workers_give_the_bytes_of_this_process()
    {
        Trial[] trials =
        [
            new(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen"),
            new(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin), Data = data.Spec.Target with { TrainImages = 10 } }, "tuned"),
            new(data.Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "converged"),
            data.Trial,
        ];
        var here = data.Run(trials);
        using var runner = new TrialRunner(data["elsewhere"], [data.Source]) { Workers = 2 };

        var there = runner.Run(trials, told.Add, Unstopped);

        Assert.Equal(trials.Select(trial => trial.Name), there.Select(result => result.Trial.Name));
        foreach (var (one, other) in here.Zip(there))
        {
            Assert.StartsWith(data["elsewhere"], other.Folder.FullPath, StringComparison.Ordinal);
            Assert.Equal(SquaresTrials.Artefacts(one.Folder.FullPath), SquaresTrials.Artefacts(other.Folder.FullPath));
        }

        Assert.Equal(4, told.Count(progress => progress.Stage == TrialStage.Done));
        Assert.Equal(there[1].History, told.Where(progress => progress.Trial.Label == "tuned").Select(progress => progress.Epoch).OfType<EpochRecord>());
        Assert.Equal(Enumerable.Range(1, 4), told.Where(progress => progress.Stage == TrialStage.Done).Select(progress => progress.Ended));
        Assert.Empty(Workers());
    }

    /// <summary>As where Ctrl+C, which all of a terminal's processes hear, ends one that has only begun to start.</summary>
    [Fact]
    public async Task Worker_that_ended_before_it_read_its_job_is_let_go_without_a_word()
    {
        var ended = new TaskCompletionSource();
        var worker = new WorkerProcess(["--version"], (_, report) => { if (report is null) ended.SetResult(); });
        await ended.Task.WaitAsync(Unstopped);

        worker.Begin(JobOf(data.Trial));
        worker.Close();
        worker.Dispose();
    }

    [Fact]
    public void Killed_worker_fails_its_trial_alone_and_is_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the workers through /proc");
        var child = new Trial(data.Spec with { Transfer = TransferPlan.Frozen(Endless.AsOrigin) }, "child");
        Trial[] trials = [data.Trial, Endless, child];
        var schedule = new TrialSchedule(trials, trials, trial => trial.Spec.Fit.Epochs, progress =>
        {
            told.Add(progress);
            if (progress is { Trial.Label: "endless", Epoch.Epoch: 1 })
                Assert.Single(Workers()).Kill();
        });

        using (var pool = new WorkerPool(data.Runs, size: 1))
            pool.Run(schedule, JobOf, Unstopped);

        var error = Assert.Throws<MedTransferException>(schedule.RequireAll);
        Assert.StartsWith("2 of 3 trials are missing. endless, seed 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("its worker process ended by signal 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("child, seed 1", error.Message, StringComparison.Ordinal);
        Assert.Contains(told, progress => progress is { Trial.Label: "scratch", Stage: TrialStage.Done });
        Assert.True(new TrialFolder(data.Runs, data.Trial.Name).IsDone);
        Assert.Empty(Workers());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]   // it may be noticed only after the trial was given to it
    public void Trial_is_not_lost_with_a_worker_that_died_idle(bool gone)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the workers through /proc");
        Trial[] trials = [data.Trial, new(data.Spec with { Seed = 2 }, "next"), new(data.Spec with { Seed = 3 }, "last")];
        var schedule = new TrialSchedule(trials, trials, _ => 1, progress =>
        {
            told.Add(progress);
            if (progress is not { Trial.Label: "scratch", Stage: TrialStage.Done })
                return;
            var idle = Assert.Single(Workers());
            idle.Kill();
            if (gone)
                idle.WaitForExit();
        });

        using (var pool = new WorkerPool(data.Runs, size: 1))
            pool.Run(schedule, JobOf, Unstopped);

        schedule.RequireAll();
        Assert.Equal(["scratch", "next", "last"], told.Where(progress => progress.Stage == TrialStage.Done).Select(progress => progress.Trial.Label));
        Assert.Empty(Workers());
    }

    [Fact]
    public void Workers_that_die_one_after_the_other_fail_their_trial()
    {
        var started = 0;
        var schedule = new TrialSchedule([data.Trial], [data.Trial], _ => 1, told.Add);

        using (var pool = new WorkerPool(data.Runs, size: 1, program: () =>
        {
            started++;
            return [data["none.dll"]];   // what dotnet can't run ends at once
        }))
        {
            pool.Run(schedule, JobOf, Unstopped);
        }

        Assert.Contains("its worker process ended", Assert.Throws<MedTransferException>(schedule.RequireAll).Message, StringComparison.Ordinal);
        Assert.InRange(started, 2, 3);   // the first may have ended before it was given anything
    }

    [Fact]
    public void Error_in_a_worker_is_that_of_its_trial()
    {
        var gone = new Trial(data.Spec, "gone");
        var schedule = new TrialSchedule([gone], [gone], _ => 1, told.Add);

        using (var pool = new WorkerPool(data.Runs, size: 1))
            pool.Run(schedule, trial => new Job(trial.Spec, trial.Label, [new(data["missing.npz"], data.Source.Md5)]), Unstopped);

        Assert.Contains("missing.npz", Assert.Throws<MedTransferException>(schedule.RequireAll).Message, StringComparison.Ordinal);
        Assert.Equal([TrialStage.Started, TrialStage.Failed], told.Select(progress => progress.Stage));
    }

    [Fact]
    public void Cancelled_run_leaves_no_worker()
    {
        using var stop = new CancellationTokenSource();
        using var runner = new TrialRunner(data.Runs, [data.Source]) { Workers = 2 };

        Assert.Throws<OperationCanceledException>(() => runner.Run(
            [Endless, new Trial(Endless.Spec with { Seed = 2 }, "other")],
            progress =>
            {
                if (progress.Epoch is not null)
                    stop.Cancel();
            },
            stop.Token));

        Assert.Empty(Workers());
        Assert.False(new TrialFolder(data.Runs, Endless.Name).IsDone);
    }

    [Fact]
    public void Worker_outlives_an_interrupt_and_ends_when_its_input_closes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the worker through /proc and signals it");
        using var epochs = new SemaphoreSlim(0);
        using var worker = new WorkerProcess(WorkerProcess.Program(data.Runs), (_, report) =>
        {
            if (report?.Epoch is not null)
                epochs.Release();
        });
        worker.Begin(JobOf(Endless));
        Assert.True(epochs.Wait(TimeSpan.FromSeconds(20), Unstopped));
        var process = Assert.Single(Workers());

        Assert.Equal(0, Signal(process.Id, 2));
        for (var more = 0; more < 20; more++)
            Assert.True(epochs.Wait(TimeSpan.FromSeconds(20), Unstopped));
        Assert.False(process.HasExited);

        worker.Close();   // as the system does when the process that started it dies
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("OMP: warning", 0)]
    [InlineData("no line end before \u001e{\"epoch\":null,\"error\":\"e\",\"trace\":null}", 1)]
    public void Report_is_told_from_what_others_print(string line, int reports) =>
        Assert.Equal(reports == 0 ? null : new WorkerReport(Error: "e"), WorkerReport.OfLine(line));

    // the folder of the trials, this test's own, is among a worker's arguments
    private List<Process> Workers() => !OperatingSystem.IsLinux() ? [] :
    [
        .. Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Where(folder => CommandLine(folder).Contains(data[""], StringComparison.Ordinal))
            .Select(folder => Process.GetProcessById(int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture))),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";   // it has just ended
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
