using System.Collections.Concurrent;
using MedTransfer.Data.Catalogue;
using MedTransfer.Trials.Execution;

namespace MedTransfer.Trials.Timing;

/// <summary>One worker that trains to see how long it takes. Whoever asks waits, so that nothing of this run is beside it.</summary>
internal sealed class TimingWorker : IDisposable
{
    private readonly BlockingCollection<WorkerReport?> reports = [];
    private readonly WorkerProcess process;

    /// <param name="runs">The folder that holds the trials' folders.</param>
    public TimingWorker(string runs) => process = new WorkerProcess(WorkerProcess.Program(runs), (_, report) => reports.Add(report));

    /// <summary>Wall time of the optimisation of each epoch of a training that leaves nothing.</summary>
    /// <param name="data">Where the data of the trial is.</param>
    /// <exception cref="MedTransferException">The training failed.</exception>
    /// <exception cref="OperationCanceledException">It is given up: dispose of the worker.</exception>
    public IReadOnlyList<double> Train(Trial trial, DataPlace data, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        process.Begin(trial, data, timed: true);
        var report = reports.Take(cancellation);
        while (report is { Begun: true })
            report = reports.Take(cancellation);
        process.Rest();
        var error = report is null ? process.LastWords() : report.Error;
        return report?.EpochSeconds ?? throw new MedTransferException($"{trial.Label} can't be timed: {error}");
    }

    /// <inheritdoc/>
    public void Dispose() => process.Dispose();
}
