using System.Globalization;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>The task that a trial is in.</summary>
/// <param name="Submission">What it was submitted with.</param>
/// <param name="Job">The array's number.</param>
/// <param name="Index">The task's in it.</param>
internal sealed record TrialPlace(SubmissionFolder Submission, long Job, int Index)
{
    private const int MostOfLine = 300;

    private string Task => string.Create(CultureInfo.InvariantCulture, $"{Job}_{Index}");

    private string Log => Submission.LogOf(Job, Index);

    /// <summary>What its task says of a trial that failed, and where the log is; null where it says nothing.</summary>
    public string? WhyFailed(string trial) => Submission.ReadFailure(trial) is { } reason ? $"{reason.TrimEnd('.')} (log {Log})" : null;

    /// <summary>Why a trial is not done whose task is over: what was said of it, or how the task ended and the last that its log says.</summary>
    /// <param name="task">The task as Slurm knows it; null where it has forgotten it.</param>
    public string WhyNotDone(string trial, KnownTask? task)
    {
        if (WhyFailed(trial) is { } reason)
            return reason;
        var how = task?.HowItEnded;
        try
        {
            var last = File.ReadLines(Log).LastOrDefault(line => line.Trim().Length > 0)?.Trim();
            return last is null
                ? $"its task {Task} {how ?? "ended"} without a word (log {Log})"
                : $"its task {Task} {how ?? "ended without it"}, after \"{(last.Length > MostOfLine ? last[..MostOfLine] + "..." : last)}\" (log {Log})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return how is null
                ? $"its task {Task} ended, or was cancelled before it began, and left no log at {Log}: the nodes of the cluster must see that folder"
                : $"its task {Task} {how} and left no log at {Log}";
        }
    }
}
