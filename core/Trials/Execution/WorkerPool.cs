using System.Collections.Concurrent;
using MedTransfer.Data.Catalogue;

namespace MedTransfer.Trials.Execution;

/// <summary>
/// Worker processes that stay for many trials: as many as asked for, started at once, replaced where one dies. A trial dies with the worker that had
/// begun it; one that was given to a worker that was dead already, or dies before it reads it, is given to another, once.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly Func<IReadOnlyList<string>> program;
    private readonly int size;
    private readonly List<WorkerProcess> workers = [];
    private readonly HashSet<string> givenAgain = [];
    private readonly BlockingCollection<(WorkerProcess Worker, WorkerReport? Report)> reports = [];

    /// <param name="runs">The folder that holds the trials' folders.</param>
    /// <param name="size">How many trials run at a time.</param>
    /// <param name="program">What <c>dotnet</c> is to start as a worker, asked for each; null for the core's own program.</param>
    public WorkerPool(string runs, int size, Func<IReadOnlyList<string>>? program = null)
    {
        (this.size, this.program) = (size, program ?? (() => WorkerProcess.Program(runs)));
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
    /// <param name="place">Where the data of a trial is.</param>
    /// <exception cref="OperationCanceledException">Trials that are done stay done.</exception>
    public void Run(TrialSchedule schedule, Func<Trial, DataPlace> place, CancellationToken cancellation)
    {
        Assign(schedule, place);
        while (workers.Exists(worker => worker.Trial is not null))
        {
            var (worker, report) = reports.Take(cancellation);
            if (report is null)
                Bury(worker, schedule, place);
            else
                Take(report, worker, schedule);
            Assign(schedule, place);
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
        var worker = new WorkerProcess(program(), (worker, report) => reports.TryAdd((worker, report)));
        workers.Add(worker);
        return worker;
    }

    private void Assign(TrialSchedule schedule, Func<Trial, DataPlace> place)
    {
        while (workers.Count(worker => worker.Trial is not null) < size && schedule.TakeNext() is { } trial)
            Give(trial, place);
    }

    // one that has ended since it was last heard of is buried when its listener says so
    private void Give(Trial trial, Func<Trial, DataPlace> place) =>
        (workers.Find(worker => worker.Trial is null && !worker.HasEnded) ?? StartOne()).Begin(trial, place(trial));

    private static void Take(WorkerReport report, WorkerProcess worker, TrialSchedule schedule)
    {
        var trial = worker.Trial ?? throw new InvalidOperationException("A worker without a trial reported one.");
        if (report.Begun)
        {
            worker.HasBegun = true;
            return;
        }

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
    private void Bury(WorkerProcess worker, TrialSchedule schedule, Func<Trial, DataPlace> place)
    {
        var words = worker.LastWords();
        workers.Remove(worker);
        worker.Dispose();
        if (worker.Trial is not { } trial)
            return;
        if (!worker.HasBegun && givenAgain.Add(trial.Name))
            Give(trial, place);
        else
            schedule.Fail(trial, new MedTransferException(words));
    }
}
