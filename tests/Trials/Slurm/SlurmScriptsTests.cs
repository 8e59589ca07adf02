using System.Diagnostics;
using System.Globalization;
using MedTransfer.Runtime;
using MedTransfer.Tests.Runtime;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer.Tests.Trials.Slurm;

/// <summary>The script of a task, run by bash, with a program in place of the trials and one in place of <c>scontrol</c> that writes down what it is asked.</summary>
public sealed class SlurmScriptsTests : IDisposable
{
    private const string WaitsForTheSignal = "trap 'exit 75' USR2; echo > begun; while :; do sleep .02; done";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("exit 0", 0, 0, "")]
    [InlineData("exit 1", 0, 1, "")]
    [InlineData("exit 75", 0, 75, "requeue Incomplete 7_3\n")]
    [InlineData("exit 75", 100, 75, "requeue Incomplete 7_3\n")]   // it got further
    public void Task_is_queued_again_where_its_trials_say_so(string trials, int turns, int code, string asked) =>
        Assert.Equal((code, asked), Run(trials, turns, signal: false));

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Signal_before_the_time_limit_is_handed_on(int turns) =>
        Assert.Equal((75, "requeue Incomplete 7_3\n"), Run(WaitsForTheSignal, turns, signal: true));

    /// <summary>128 and the signal's number, as of a program that had not come to listen.</summary>
    [Theory]
    [InlineData(0, "requeue Incomplete 7_3\n")]
    [InlineData(2, "requeue Incomplete 7_3\n")]
    [InlineData(3, "")]
    public void Trials_that_die_of_the_signal_have_lost_nothing_but_not_for_ever(int turns, string asked) =>
        Assert.Equal((140, asked), Run("echo > begun; exec sleep 30", turns, signal: true));

    /// <summary>As it scores or reads just then; Slurm kills it with the requeue.</summary>
    [Theory]
    [InlineData(0, "requeue Incomplete 7_3\n")]
    [InlineData(99, "requeue Incomplete 7_3\n")]
    [InlineData(100, "")]
    public void Task_that_does_not_stop_is_queued_again_while_it_runs(int turns, string asked) =>
        Assert.Equal((0, asked), Run("trap '' USR2; echo > begun; sleep 2.5", turns, signal: true));

    /// <summary>Runs the script with a second from the signal to the requeue in any case; how it ended, and what scontrol was asked.</summary>
    private (int Code, string Asked) Run(string trials, int turns, bool signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Slurm's machines run Linux");
        Program("trials", trials);
        Program("scontrol", "echo \"$@\" >> asked");
        var script = SlurmScripts.Task("core", "submission", "runs", TimeSpan.FromSeconds(1));
        File.WriteAllText(folder["task.sh"], script.Replace($"'{DotnetHost.Path}'", "./trials", StringComparison.Ordinal));
        var start = new ProcessStartInfo("/bin/bash", ["task.sh", "0", "0"]) { WorkingDirectory = folder.Path, RedirectStandardError = true };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["SLURM_ARRAY_JOB_ID"] = "7";
        start.Environment["SLURM_ARRAY_TASK_ID"] = "3";
        start.Environment["SLURM_RESTART_COUNT"] = turns.ToString(CultureInfo.InvariantCulture);
        using var task = Process.Start(start)!;
        if (signal)
        {
            SlurmCluster.Until(() => File.Exists(folder["begun"]), "begin");
            using var kill = Process.Start("/bin/bash", ["-c", $"kill -USR2 {task.Id}"]);
        }

        Assert.True(task.WaitForExit(TimeSpan.FromSeconds(60)));
        return (task.ExitCode, File.Exists(folder["asked"]) ? File.ReadAllText(folder["asked"]) : "");
    }

    private void Program(string name, string text)
    {
        File.WriteAllText(folder[name], $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
