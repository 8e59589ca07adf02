using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using MedTransfer.Runtime;

namespace MedTransfer.Trials.Execution;

/// <summary>
/// A worker process: runs the trials that come over its standard input, one after the other, until that closes. It closes when whoever
/// started the worker ends, in whatever way; a trial that is running then is given up.
/// </summary>
public static class TrialWorker
{
    // between two batches a training notices that it is to stop; the rest, a scoring for one, does not
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Serves until the standard input closes.</summary>
    /// <param name="runs">The folder that holds the trials' folders.</param>
    /// <returns>The exit code.</returns>
    public static int Serve(string runs)
    {
        // Ctrl+C reaches every process of a terminal: the one that started this worker decides
        using var interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        using var stop = new CancellationTokenSource();
        using var requests = new BlockingCollection<Job>();
        new Thread(() => Listen(requests, stop)) { IsBackground = true }.Start();
        Warm();

        using var kept = new KeptDatasets(runs);
        foreach (var request in requests.GetConsumingEnumerable())
        {
            if (stop.IsCancellationRequested)
                break;
            Send(output, new WorkerReport(Begun: true));
            Send(output, Run(request, kept, runs, epoch => Send(output, epoch), stop.Token));
        }

        return 0;
    }

    private static void Listen(BlockingCollection<Job> requests, CancellationTokenSource stop)
    {
        using (var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8))
        {
            while (input.ReadLine() is { } line)
                requests.Add(JobLine.Read(line));
        }

        requests.CompleteAdding();
        stop.Cancel();
        Thread.Sleep(Grace);
        Process.GetCurrentProcess().Kill();
    }

    // libtorch takes its time to load: it does while the first request is on its way
    private static void Warm()
    {
        try
        {
            ComputeDevice.Open("cpu");
        }
        catch (MedTransferException)
        {
            // the first trial meets the same error, and can report it
        }
    }

    private static WorkerReport Run(Job job, KeptDatasets kept, string runs, Action<WorkerReport> onEpoch, CancellationToken stop)
    {
        try
        {
            var run = new TrialRun(runs, kept.Of(job));
            if (job.Timed)
                return new WorkerReport(EpochSeconds: run.Fit(job.Spec, stop).EpochSeconds);
            run.Execute(new Trial(job.Spec, job.Label), epoch => onEpoch(new WorkerReport(epoch)), stop);
            return new WorkerReport();
        }
        catch (MedTransferException e)
        {
            return new WorkerReport(Error: e.Message);
        }
        catch (Exception e)
        {
            return new WorkerReport(Error: MedTransferException.OfUnforeseen(e), Trace: e.ToString());
        }
    }

    private static void Send(Stream output, WorkerReport report)
    {
        try
        {
            output.Write(Encoding.UTF8.GetBytes(report.ToLine()));
        }
        catch (IOException)
        {
            // no one listens any more: the input closes too
        }
    }
}
