using MedTransfer;
using MedTransfer.Data;
using MedTransfer.Trials;

// The worker: runs the one trial that a spec file describes.
//   dotnet MedTransfer.dll SPEC.json RUNS
// The spec names its data by path; RUNS is the folder of the trials, its parent's among them.
if (args is not [var specFile, var runs])
{
    Console.Error.WriteLine("error: usage: dotnet MedTransfer.dll SPEC.json RUNS");
    return 2;
}

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
