using MedTransfer.Training;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>Tells a schedule what becomes of trials that others run, by what is in their folders; asks Slurm only which of its tasks there still are.</summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
/// <param name="places">Where each trial is that the schedule waits for.</param>
internal sealed class TrialWatch(TrialSchedule schedule, string runs, IReadOnlyDictionary<string, TrialPlace> places, WatchIntervals intervals)
{
    private const int MostUnanswered = 10;

    private readonly HashSet<string> begun = [];
    private readonly Dictionary<string, EpochRecord> heard = [];
    private readonly Dictionary<string, (DateTime Since, KnownTask? Task)> gone = [];
    private readonly HashSet<string> told = [];
    private int unanswered;

    /// <summary>Told, in a sentence, of what keeps tasks waiting.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Waits until every trial is over.</summary>
    public void Wait(CancellationToken cancellation)
    {
        var left = schedule.Waiting.Where(trial => places.ContainsKey(trial.Name)).ToList();
        var asked = DateTime.MinValue;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            left = left.FindAll(trial => !IsKnownToBeOver(trial));   // parents come before what needs them
            if (left.Count == 0)
                return;
            if (DateTime.UtcNow - asked >= intervals.Queue)
            {
                AskSlurm(left);
                asked = DateTime.UtcNow;
            }

            cancellation.WaitHandle.WaitOne(intervals.FoldersOf(left.Count));
        }
    }

    // a disk that is away for a while: the next look tells
    private bool IsKnownToBeOver(Trial trial)
    {
        try
        {
            return IsOver(trial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool IsOver(Trial trial)
    {
        if (schedule.IsLeftOut(trial))
            return true;
        var folder = new TrialFolder(runs, trial.Name);
        if (folder.IsDone)
        {
            Begin(trial);
            schedule.Done(trial, SecondsOf(trial, folder));
            return true;
        }

        if (WhyFailed(trial) is { } reason)
        {
            Begin(trial);
            schedule.Fail(trial, new MedTransferException(reason));
            return true;
        }

        var (isHeld, epoch) = folder.Underway();
        if (isHeld)
            Begin(trial);
        if (isHeld && epoch is not null && epoch != heard.GetValueOrDefault(trial.Name))
        {
            heard[trial.Name] = epoch;
            schedule.Trained(trial, epoch);
        }

        return false;
    }

    // one that is damaged is said where results are read
    private static double? SecondsOf(Trial trial, TrialFolder folder)
    {
        try
        {
            return folder.Read(trial).Environment.TotalSeconds;
        }
        catch (MedTransferException)
        {
            return null;
        }
    }

    private void Begin(Trial trial)
    {
        if (begun.Add(trial.Name))
            schedule.Take(trial);
    }

    // a task that has left the queue is given time, as what it wrote last may still be on its way through the network
    private string? WhyFailed(Trial trial)
    {
        var place = places[trial.Name];
        return place.WhyFailed(trial.Name)
            ?? (gone.TryGetValue(trial.Name, out var end) && DateTime.UtcNow - end.Since >= intervals.Grace ? place.WhyNotDone(trial.Name, end.Task) : null);
    }

    private void AskSlurm(List<Trial> left)
    {
        if (SlurmCommands.Tasks([.. left.Select(trial => places[trial.Name].Job).Distinct()]) is not { } known)
        {
            // it may be away for a while; tasks go on without it
            if (++unanswered == MostUnanswered)
                Notice?.Invoke("Slurm's controller does not answer squeue: trials that end are seen all the same, tasks that die are not.");
            return;
        }

        unanswered = 0;
        var tasks = KnownTask.ByPlace(known);
        foreach (var trial in left)
        {
            var place = places[trial.Name];
            var task = tasks.GetValueOrDefault((place.Job, place.Index));
            if (task is { IsOver: false })
                gone.Remove(trial.Name);
            else if (!gone.ContainsKey(trial.Name) || task is not null)   // Slurm forgets how it ended
                gone[trial.Name] = (gone.TryGetValue(trial.Name, out var before) ? before.Since : DateTime.UtcNow, task);
        }

        foreach (var task in known.Where(task => task.WhyItWaits is not null && told.Add(task.KindOfReason)))
            Notice?.Invoke(task.WhyItWaits!);
    }
}

/// <summary>How often trials are looked for.</summary>
/// <param name="Folders">From one look at the folders of all trials to the next, at least.</param>
/// <param name="Queue">From one question to Slurm to the next.</param>
/// <param name="Grace">How long a task may have left the queue before its trials are taken for failed: NFS keeps what it knows of a folder up to a minute.</param>
internal sealed record WatchIntervals(TimeSpan Folders, TimeSpan Queue, TimeSpan Grace)
{
    private static readonly TimeSpan ATrial = TimeSpan.FromMilliseconds(5);

    /// <summary>For a shared disk and a controller that others use too.</summary>
    public WatchIntervals()
        : this(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90))
    {
    }

    /// <summary>The same for so many trials: a look is some four questions to the disk a trial, ten of one that runs.</summary>
    public TimeSpan FoldersOf(int trials) => Folders > ATrial * trials ? Folders : ATrial * trials;
}
