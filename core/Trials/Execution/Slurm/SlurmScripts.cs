using System.Globalization;
using MedTransfer.Runtime;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>The scripts of a submission, as one would write them by hand.</summary>
internal static class SlurmScripts
{
    /// <summary>A task ends so where it is to be queued again: EX_TEMPFAIL of sysexits.h.</summary>
    public const int TryAgain = 75;

    /// <summary>
    /// Runs a task of an array; its arguments are the layer and how many of the layer's tasks are before the array. The signal before the time limit goes to the script (<c>B:</c>), which hands it on; a program that it reaches
    /// before it listens dies of it, and has lost nothing.
    /// </summary>
    public static string Task(string core, string submission, string runs) => Lines(
        "#!/bin/bash",
        "# Trials of one task, one after the other; again in a later turn where its time is up.",
        $"{Quoted(DotnetHost.Path)} {Quoted(core)} {MedTransfer.Program.TaskWord} {Quoted(submission)} \"$1\" \"$(($2 + SLURM_ARRAY_TASK_ID))\" {Quoted(runs)} &",
        "trials=$!",
        "trap 'kill -USR2 $trials' USR2",
        "trap 'kill -TERM $trials' TERM",
        "wait $trials",
        "code=$?",
        "while kill -0 $trials 2>/dev/null; do",
        "    wait $trials",
        "    code=$?",
        "done",
        string.Create(CultureInfo.InvariantCulture, $"if [ $code -eq {TryAgain} ] || [ $code -eq $((128 + $(kill -l USR2))) ]; then"),
        "    exec scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"",
        "fi",
        "exit $code");

    /// <summary>Runs the recipe again once the trials are over: it makes the page, or submits what follows from their results.</summary>
    public static string Page(string submission, PageCommand command) => Lines(
        "#!/bin/bash",
        "# The page, once the trials are over; where others follow from their results, these.",
        $"cd {Quoted(command.Folder)} || exit 1",
        $"export {SlurmExecutor.AfterVariable}={Quoted(submission)}",
        $"exec {string.Join(' ', command.Words.Select(Quoted))}");

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Lines(params IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
