using System.Diagnostics;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Tests.Trials;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Training.Checkpoints;

/// <summary>A worker program that is killed while it trains and writes, again and again.</summary>
[Collection(OneAtATime.Name)]
public sealed class KilledTrialTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    // at random moments after the first writing: of each kill, so many milliseconds
    [Fact]
    public async Task Trial_that_was_killed_again_and_again_has_the_same_bytes()
    {
        var spec = data.Spec with
        {
            Transfer = TransferPlan.Scratch.FrozenTo(1, data.Spec.Model),
            Fit = new() { Epochs = 30, BatchSize = 4, Augmentation = new(), Keep = KeptEpoch.Best },
        };
        var here = data.Run(new Trial(spec, "whole"))[0];
        var folder = new TrialFolder(data["elsewhere"], here.Trial.Name);
        foreach (var wait in new[] { 0, 3, 17, 40, 101 })
            await Killed(here, folder, wait);
        Assert.NotNull(new CheckpointFolder(Path.Combine(folder.FullPath, "checkpoint")).Read());

        using var last = Start(here);
        await last.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(SquaresTrials.Artefacts(here.Folder.FullPath), SquaresTrials.Artefacts(folder.FullPath));
    }

    private async Task Killed(TrialResult whole, TrialFolder folder, int wait)
    {
        var manifest = Path.Combine(folder.FullPath, "checkpoint", "manifest.json");
        var before = File.GetLastWriteTimeUtc(manifest);
        using var process = Start(whole);
        while (File.GetLastWriteTimeUtc(manifest) == before && !process.HasExited)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        await Task.Delay(wait, TestContext.Current.CancellationToken);
        process.Kill();   // SIGKILL, on Linux and macOS
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(folder.IsDone, "It was done before it was killed: give it more epochs.");
    }

    private Process Start(TrialResult whole)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [typeof(Classifier).Assembly.Location, Path.Combine(whole.Folder.FullPath, "spec.json"), data["elsewhere"]])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Checkpoint.IntervalVariable] = "0";
        return Process.Start(start)!;
    }
}
