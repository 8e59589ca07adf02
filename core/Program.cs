using MedTransfer.Data;
using MedTransfer.Trials;
using MedTransfer.Trials.Workers;

namespace MedTransfer;

/// <summary>
/// The worker program.
/// <para><c>dotnet MedTransfer.dll SPEC.json RUNS</c> runs the one trial that a spec file describes; the spec names its data by path.</para>
/// <para><c>dotnet MedTransfer.dll --worker RUNS</c> runs those that come over the standard input: a recipe starts it.</para>
/// RUNS is the folder of the trials, their parents among them.
/// </summary>
internal static class Program
{
    /// <summary>The word that starts a worker for many trials.</summary>
    public const string WorkerWord = "--worker";

    public static int Main(string[] args)
    {
        switch (args)
        {
            case [WorkerWord, var runs]:
                return TrialWorker.Serve(runs);
            case [var specFile, var runs] when !specFile.StartsWith('-'):
                return RunOne(specFile, runs);
            default:
                Console.Error.WriteLine("error: usage: dotnet MedTransfer.dll SPEC.json RUNS");
                return 2;
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
        try
        {
            var spec = TrialSpec.Read(specFile);
            using var runner = new TrialRunner(runs, [DatasetSource.Find(spec.Data.Source, new DataFolders([]))]);
            var result = runner.Run([new Trial(spec, Path.GetFileNameWithoutExtension(specFile))], cancellation: stop.Token)[0];
            Console.WriteLine(result.Folder.FullPath);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (MedTransferException e)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return e.IsUsage ? 2 : 1;
        }
    }
}
