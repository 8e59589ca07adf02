using System.Globalization;
using MedTransfer.Data.Catalogue;
using MedTransfer.Trials;
using MedTransfer.Trials.Execution;
using MedTransfer.Trials.Execution.Slurm;

namespace MedTransfer;

/// <summary>
/// The worker program.
/// <para><c>dotnet MedTransfer.dll SPEC.json RUNS</c> runs the one trial that a spec file describes; the spec names its data by path.</para>
/// <para><c>dotnet MedTransfer.dll --worker RUNS</c> runs those that come over the standard input: a recipe starts it.</para>
/// <para><c>dotnet MedTransfer.dll --task SUBMISSION LAYER TASK RUNS</c> runs those of a task on a Slurm cluster: its script starts it.</para>
/// RUNS is the folder of the trials, their parents among them.
/// </summary>
internal static class Program
{
    /// <summary>The word that starts a worker for many trials.</summary>
    public const string WorkerWord = "--worker";

    /// <summary>The word that starts a task of a submission to Slurm.</summary>
    public const string TaskWord = "--task";

    public static int Main(string[] args) => Guarded(Console.Error, () => args switch
    {
        [WorkerWord, var runs] => TrialWorker.Serve(runs),
        [TaskWord, var submission, var layer, var task, var runs] => SlurmTask.Run(submission, int.Parse(layer, CultureInfo.InvariantCulture), int.Parse(task, CultureInfo.InvariantCulture), runs),
        [var specFile, var runs] when !specFile.StartsWith('-') => RunOne(specFile, runs),
        _ => throw new MedTransferException("usage: dotnet MedTransfer.dll SPEC.json RUNS") { IsUsage = true },
    });

    /// <summary>The exit code of what is run; an error, foreseen or not, is one line.</summary>
    internal static int Guarded(TextWriter errors, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (MedTransferException e)
        {
            errors.WriteLine($"error: {e.Message}");
            return e.IsUsage ? 2 : 1;
        }
        catch (Exception e)
        {
            errors.WriteLine($"error: {MedTransferException.OfUnforeseen(e)}");
            return 1;
        }
    }

    private static int RunOne(string specFile, string runs)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var spec = TrialSpec.Read(specFile);
        using var runner = new TrialRunner(runs, spec.Data.All.Select(data => DatasetSource.Find(data.Path, new DataFolders([]))));
        var result = runner.Run([new Trial(spec, Path.GetFileNameWithoutExtension(specFile))], cancellation: stop.Token)[0];
        Console.WriteLine(result.Folder.FullPath);
        return 0;
    }
}
