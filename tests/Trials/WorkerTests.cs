using MedTransfer.Runtime.Native;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class WorkerTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task Worker_gives_the_bytes_of_a_run_in_this_process()
    {
        var here = data.Run(data.Trial)[0];

        var worker = await ChildProcess.Worker([Path.Combine(here.Folder.FullPath, "spec.json"), data["elsewhere"]]);

        Assert.Equal((0, ""), (worker.ExitCode, worker.Errors));
        Assert.Equal(Path.Combine(data["elsewhere"], data.Trial.Name), worker.Output.Trim());
        Assert.Equal(SquaresTrials.Artefacts(here.Folder.FullPath), SquaresTrials.Artefacts(worker.Output.Trim()));
    }

    [Fact]
    public async Task Worker_without_arguments_ends_with_2_and_its_usage()
    {
        var worker = await ChildProcess.Worker([]);

        Assert.Equal(2, worker.ExitCode);
        Assert.Contains("SPEC.json RUNS", worker.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_without_a_spec_ends_with_1_and_one_line()
    {
        var worker = await ChildProcess.Worker([data["missing.json"], data.Runs]);

        Assert.Equal(1, worker.ExitCode);
        Assert.StartsWith($"error: {data["missing.json"]}", worker.Errors, StringComparison.Ordinal);
        Assert.Single(worker.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Unforeseen_error_is_one_line_and_ends_with_1()
    {
        using var errors = new StringWriter();

        var code = Program.Guarded(errors, () => throw new InvalidOperationException("size mismatch\nException raised from mm at native.cpp:1"));

        Assert.Equal((1, $"error: InvalidOperationException: size mismatch{Environment.NewLine}"), (code, errors.ToString()));
    }

    [Fact]
    public void Stop_ends_with_130_and_says_nothing()
    {
        using var errors = new StringWriter();

        Assert.Equal((130, ""), (Program.Guarded(errors, () => throw new OperationCanceledException()), errors.ToString()));
    }

    [Fact]
    public async Task Libtorch_folder_that_is_none_is_an_error_that_names_it()
    {
        new TrialFolder(data.Runs, "other").Begin(data.Spec);

        var worker = await ChildProcess.Worker([Path.Combine(data.Runs, "other", "spec.json"), data.Runs], (NativeTorch.FolderVariable, data["no-torch"]));

        Assert.Equal(1, worker.ExitCode);
        Assert.StartsWith($"error: {NativeTorch.FolderVariable} is '{data["no-torch"]}'", worker.Errors, StringComparison.Ordinal);
        Assert.Single(worker.Errors.TrimEnd().Split('\n'));
    }
}
