using MedTransfer.Data.Catalogue;
using MedTransfer.Runtime;

namespace MedTransfer.Trials.Execution;

/// <summary>Where trials run: this process, workers on this machine, or an engine on others.</summary>
public interface IExecutor : IDisposable
{
    /// <summary>Fails where trials on such devices can't run there, before any does.</summary>
    /// <param name="devices">As specs name them.</param>
    /// <exception cref="MedTransferException">One is not there.</exception>
    void Require(IReadOnlyCollection<string> devices);

    /// <summary>Runs what is scheduled, and tells the schedule what becomes of it; everything it tells is told on this thread.</summary>
    /// <param name="schedule">Gives the next trial that can run, until none is left.</param>
    /// <param name="job">What has to be known to run a trial.</param>
    /// <exception cref="OperationCanceledException">Trials that are done stay done.</exception>
    void Run(TrialSchedule schedule, Func<Trial, Job> job, CancellationToken cancellation);
}

/// <summary>A trial to run, as it can be sent anywhere that sees the same folder of trials: its results are in its folder.</summary>
/// <param name="Data">Where the data is that the spec names.</param>
/// <param name="Timed">Whether it is trained to see how long that takes, and nothing else.</param>
public sealed record Job(TrialSpec Spec, string Label, IReadOnlyList<DataPlace> Data, bool Timed = false);

/// <summary>Runs trials in this process, one after the other.</summary>
internal sealed class InProcessExecutor(TrialRun run) : IExecutor
{
    /// <inheritdoc/>
    public void Require(IReadOnlyCollection<string> devices) => ComputeDevice.Require(devices);

    /// <inheritdoc/>
    public void Run(TrialSchedule schedule, Func<Trial, Job> job, CancellationToken cancellation)
    {
        while (schedule.TakeNext() is { } trial)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                run.Execute(trial, epoch => schedule.Trained(trial, epoch), cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                schedule.Fail(trial, e);
                continue;
            }

            schedule.Done(trial);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
