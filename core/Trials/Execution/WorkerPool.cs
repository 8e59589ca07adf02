using System.Collections.Concurrent;
using MedTransfer.Runtime;

namespace MedTransfer.Trials.Execution;

/// <summary>
/// Worker processes that stay for many trials: as many as asked for, started at once, replaced where one dies. A trial dies with the worker that had
/// begun it; one that was given to a worker that was dead already, or dies before it reads it, is given to another, once.
/// </summary>
internal sealed class WorkerPool : IExecutor
{
    private readonly Func<IReadOnlyList<string>> program;
    private readonly int size;
    private readonly List<WorkerProcess> workers = [];
    private readonly Dictionary<WorkerProcess, Trial> running = [];
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

    /// <inheritdoc/>
    public void Require(IReadOnlyCollection<string> devices) => ComputeDevice.Require(devices);

    /// <inheritdoc/>
    public void Run(TrialSchedule schedule, Func<Trial, Job> job, CancellationToken cancellation)
    {
        Assign(schedule, job);
        while (running.Count > 0)
        {
            var (worker, report) = reports.Take(cancellation);
            if (report is null)
                Remove(worker, schedule, job);
            else
                Take(report, worker, schedule);
            Assign(schedule, job);
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

    private void Assign(TrialSchedule schedule, Func<Trial, Job> job)
    {
        while (running.Count < size && schedule.TakeNext() is { } trial)
            Give(trial, job);
    }

    // one that has ended since it was last heard of is removed when its listener says so
    private void Give(Trial trial, Func<Trial, Job> job)
    {
        var worker = workers.Find(worker => !running.ContainsKey(worker) && !worker.HasEnded) ?? StartOne();
        running[worker] = trial;
        worker.Begin(job(trial));
    }

    private void Take(WorkerReport report, WorkerProcess worker, TrialSchedule schedule)
    {
        var trial = running[worker];
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

        running.Remove(worker);
        if (report.Error is not { } error)
            schedule.Done(trial);
        else
            schedule.Fail(trial, report.Trace is { } trace ? new MedTransferException(error, new InvalidOperationException(trace)) : new MedTransferException(error));
    }

    // the next trial that could run in its place starts another
    private void Remove(WorkerProcess worker, TrialSchedule schedule, Func<Trial, Job> job)
    {
        var words = worker.LastWords();
        workers.Remove(worker);
        worker.Dispose();
        if (!running.Remove(worker, out var trial))
            return;
        if (!worker.HasBegun && givenAgain.Add(trial.Name))
            Give(trial, job);
        else
            schedule.Fail(trial, new MedTransferException(words));
    }
}
