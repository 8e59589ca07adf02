using System.Globalization;
using MedTransfer.Runtime;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>The scripts of a submission, as one would write them by hand.</summary>
internal static class SlurmScripts
{
    /// <summary>A task ends so where it is to be queued again: EX_TEMPFAIL of sysexits.h.</summary>
    public const int TryAgain = 75;

    /// <summary>A script queues its task again so often at most where nothing says that it gets further.</summary>
    private const int MostTurns = 100, MostTurnsWithoutStart = 3;

    /// <summary>
    /// Runs a task of an array; its arguments are the layer and how many of the layer's tasks are before the array. The signal before the time limit goes to the script (<c>B:</c>), which hands it on; a program that it
    /// reaches before it listens dies of it, and has lost nothing. One that is not over soon, as it scores or reads just then, is queued again without a last copy of its state.
    /// </summary>
    /// <param name="patience">From the signal to the time when it is queued again in any case.</param>
    public static string Task(string core, string submission, string runs, TimeSpan patience) => Lines(
        "#!/bin/bash",
        "# Trials of one task, one after the other; again in a later turn where its time is up.",
        "task=\"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"",
        "turns=${SLURM_RESTART_COUNT:-0}",
        "",
        "again() {",
        "    for try in 1 2 3; do",
        "        scontrol requeue Incomplete \"$task\" && return",
        "        sleep 5",
        "    done",
        "}",
        "",
        "time_is_up() {",
        "    kill -USR2 $trials",
        string.Create(CultureInfo.InvariantCulture, $"    [ \"$turns\" -lt {MostTurns} ] && (sleep {patience.TotalSeconds:F0} && kill -0 $trials && again) &"),
        "}",
        "",
        "trap time_is_up USR2",
        "trap 'kill -TERM $trials' TERM",
        $"{Quoted(DotnetHost.Path)} {Quoted(core)} {MedTransfer.Program.TaskWord} {Quoted(submission)} \"$1\" \"$(($2 + SLURM_ARRAY_TASK_ID))\" {Quoted(runs)} &",
        "trials=$!",
        "wait $trials",
        "while kill -0 $trials 2>/dev/null; do",
        "    wait $trials",
        "done",
        "wait $trials",
        "code=$?",
        string.Create(CultureInfo.InvariantCulture, $"if [ $code -eq {TryAgain} ] || {{ [ $code -eq $((128 + $(kill -l USR2))) ] && [ \"$turns\" -lt {MostTurnsWithoutStart} ]; }}; then"),
        "    again",
        "fi",
        "exit $code");

    /// <summary>Runs the recipe again once the trials are over: it makes the page, or submits what follows from their results.</summary>
    /// <param name="after">The submissions that it comes after.</param>
    public static string Page(IEnumerable<SubmissionFolder> after, PageCommand command) => Lines(
        "#!/bin/bash",
        "# The page, once the trials are over; where others follow from their results, these.",
        $"cd {Quoted(command.Folder)} || exit 1",
        $"export {SlurmExecutor.AfterVariable}={Quoted(string.Join('\n', after.Select(folder => folder.FullPath)))}",
        $"exec {string.Join(' ', command.Words.Select(Quoted))}");

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Lines(params IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
