using System.Collections.Concurrent;

namespace MedTransfer.Trials.Workers;

/// <summary>Worker processes that stay for many trials: as many as asked for, started at once, replaced where one dies.</summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly string runs;
    private readonly int size;
    private readonly List<WorkerProcess> workers = [];
    private readonly BlockingCollection<(WorkerProcess Worker, WorkerReport? Report)> reports = [];

    /// <param name="runs">The folder that holds the trials' folders.</param>
    /// <param name="size">How many trials run at a time.</param>
    public WorkerPool(string runs, int size)
    {
        (this.runs, this.size) = (runs, size);
        try
        {
            for (var i = 0; i < size; i++)
                StartOne();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs what is scheduled, and tells the schedule what becomes of it; everything it tells is told on this thread.</summary>
    /// <param name="dataPath">Where the data of a trial is.</param>
    /// <exception cref="OperationCanceledException">Trials that are done stay done.</exception>
    public void Run(TrialSchedule schedule, Func<Trial, string> dataPath, CancellationToken cancellation)
    {
        Assign(schedule, dataPath);
        while (workers.Exists(worker => worker.Trial is not null))
        {
            var (worker, report) = reports.Take(cancellation);
            if (report is null)
                Bury(worker, schedule);
            else
                Take(report, worker, schedule);
            Assign(schedule, dataPath);
        }
    }

    /// <summary>Ends every worker, and waits until they are gone.</summary>
    public void Dispose()
    {
        workers.ForEach(worker => worker.Close());   // all at once, then one by one
        workers.ForEach(worker => worker.Dispose());
        reports.CompleteAdding();
    }

    private WorkerProcess StartOne()
    {
        var worker = new WorkerProcess(runs, (worker, report) => reports.TryAdd((worker, report)));
        workers.Add(worker);
        return worker;
    }

    private void Assign(TrialSchedule schedule, Func<Trial, string> dataPath)
    {
        while (workers.Count(worker => worker.Trial is not null) < size && schedule.TakeNext() is { } trial)
            (workers.Find(worker => worker.Trial is null) ?? StartOne()).Begin(trial, dataPath(trial));
    }

    private static void Take(WorkerReport report, WorkerProcess worker, TrialSchedule schedule)
    {
        var trial = worker.Trial ?? throw new InvalidOperationException("A worker without a trial reported one.");
        if (report.Epoch is { } epoch)
        {
            schedule.Trained(trial, epoch);
            return;
        }

        worker.Rest();
        if (report.Error is not { } error)
            schedule.Done(trial);
        else
            schedule.Fail(trial, report.Trace is { } trace ? new MedTransferException(error, new InvalidOperationException(trace)) : new MedTransferException(error));
    }

    // the next trial that could run in its place starts another
    private void Bury(WorkerProcess worker, TrialSchedule schedule)
    {
        var words = worker.LastWords();
        workers.Remove(worker);
        worker.Dispose();
        if (worker.Trial is { } trial)
            schedule.Fail(trial, new MedTransferException(words));
    }
}
