using System.Globalization;
using System.Runtime.InteropServices;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials.Execution.Slurm;

/// <summary>A task on a node of the cluster: runs its trials one after the other, in this process.</summary>
internal static class SlurmTask
{
    /// <summary>SIGUSR2 on Linux, which the framework has no name for: the time is nearly up.</summary>
    private const PosixSignal TimeIsUp = (PosixSignal)12;

    /// <summary>Runs those of its trials that are not done.</summary>
    /// <param name="path">The submission's folder.</param>
    /// <param name="runs">The folder that holds the trials' folders.</param>
    /// <returns>0, or 1 where a trial failed; <see cref="SlurmScripts.TryAgain"/> where its time is up and it got further than before; 130 where it was stopped.</returns>
    public static int Run(string path, int layer, int task, string runs)
    {
        var stop = new CancellationTokenSource();   // not disposed of: a signal may come at the very end
        var (isTimeUp, isEnded) = (false, false);
        using var limit = PosixSignalRegistration.Create(TimeIsUp, signal =>
        {
            (signal.Cancel, isTimeUp) = (true, true);
            stop.Cancel();
        });
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            (signal.Cancel, isEnded) = (true, true);
            stop.Cancel();
        });
        var submission = SubmissionFolder.At(path);
        var jobs = submission.ReadTask(layer, task);
        using var kept = new KeptDatasets(runs);
        var (done, failed) = (0, 0);
        foreach (var job in jobs)
        {
            var trial = new Trial(job.Spec, job.Label);
            try
            {
                if (Missing(trial, runs) is { } needed)
                {
                    Say($"{trial.Label} is not run: it needs trial {needed}, which is not done.");
                    continue;
                }

                if (submission.ReadFailure(trial.Name) is not null)
                {
                    failed++;   // in an earlier turn
                    continue;
                }

                Say($"{trial.Label}, seed {trial.Spec.Seed}: trial {trial.Name}");
                new TrialRun(runs, kept.Of(job)).Execute(trial, _ => { }, stop.Token);
                done++;
            }
            catch (OperationCanceledException)
            {
                return isTimeUp && !isEnded ? Again(submission, layer, task, TaskProgress.Of(done, new TrialFolder(runs, trial.Name).Checkpoint.Position)) : 130;
            }
            catch (Exception e)
            {
                failed++;
                var reason = e is MedTransferException ? e.Message : MedTransferException.OfUnforeseen(e);
                Say($"error: {trial.Label}: {(e is MedTransferException ? reason : e.ToString())}");
                submission.WriteFailure(trial.Name, reason);
            }
        }

        return failed > 0 ? 1 : 0;
    }

    private static int Again(SubmissionFolder submission, int layer, int task, TaskProgress progress)
    {
        if (submission.NoteProgress(layer, task, progress))
        {
            Say("The time is nearly up: it goes on from here in a later turn.");
            return SlurmScripts.TryAgain;
        }

        Say("error: the time is nearly up, and nothing was trained in it that it had not trained in its last turn: give it more (--engine-options time=...).");
        return 1;
    }

    private static string? Missing(Trial trial, string runs) => trial.Spec.Needs.FirstOrDefault(needed => !new TrialFolder(runs, needed).IsDone);

    private static void Say(string line) => Console.Error.WriteLine($"{DateTime.UtcNow.ToString("u", CultureInfo.InvariantCulture)} {line}");
}
