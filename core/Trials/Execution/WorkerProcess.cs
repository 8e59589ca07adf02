using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MedTransfer.Runtime;

namespace MedTransfer.Trials.Execution;

/// <summary>One worker, seen from the process that started it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>SIGKILL, which no process can catch.</summary>
    private const int Kill = 9;

    private const int LastLines = 4;

    // a worker that is asked to end does so within a second, or ends itself
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Process process;
    private readonly Queue<string> lastLines = new();

    /// <summary>Starts a worker, which waits for its first trial.</summary>
    /// <param name="program">What <c>dotnet</c> runs, a program and its arguments.</param>
    /// <param name="tell">Told, on another thread, of each report, and with null when the process has ended.</param>
    public WorkerProcess(IReadOnlyList<string> program, Action<WorkerProcess, WorkerReport?> tell)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        process = Process.Start(new ProcessStartInfo(DotnetHost.Path, program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
        })!;
        _ = Task.Run(() => ListenAsync(tell));
    }

    /// <summary>The core's own program, as a worker.</summary>
    /// <param name="runs">The folder that holds the trials' folders.</param>
    public static IReadOnlyList<string> Program(string runs) =>
        [typeof(WorkerProcess).Assembly.Location, MedTransfer.Program.WorkerWord, Path.GetFullPath(runs)];

    /// <summary>Whether it has read the job that it was given last.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Whether it is gone, said by its listener or not yet.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Gives it a job, whose reports follow.</summary>
    public void Begin(Job job)
    {
        HasBegun = false;
        try
        {
            process.StandardInput.WriteLine(JobLine.Of(job));
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // it has ended, and its listener says so
        }
    }

    /// <summary>How it ended and the last it said, one line; once it has ended.</summary>
    public string LastWords()
    {
        var code = process.ExitCode.ToString(CultureInfo.InvariantCulture);
        var how = !OperatingSystem.IsWindows() && process.ExitCode > 128 ? $"by signal {process.ExitCode - 128}{(process.ExitCode - 128 == Kill ? ", as a system does to one that takes too much memory (lower --batch, --image-size or --workers)" : "")}" : $"with exit code {code}";
        lock (lastLines)
            return $"its worker process ended {how}{(lastLines.Count == 0 ? "" : $" after \"{string.Join(" | ", lastLines)}\"")}";
    }

    /// <summary>Lets it end: it is gone soon after.</summary>
    public void Close()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it has ended without reading all that it was given
        }
    }

    /// <summary>Ends it, and waits until it is gone.</summary>
    public void Dispose()
    {
        Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private async Task ListenAsync(Action<WorkerProcess, WorkerReport?> tell)
    {
        var errors = KeepLinesAsync(process.StandardError);
        try
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (WorkerReport.OfLine(line) is { } report)
                    tell(this, report);
                else
                    Keep(line);
            }
        }
        catch (JsonException e)
        {
            // what it does now can't be known: nobody is to wait for it
            Keep($"unreadable report: {e.Message}");
            process.Kill();
        }

        await errors;
        await process.WaitForExitAsync();
        tell(this, null);
    }

    private async Task KeepLinesAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Keep(line);
    }

    private void Keep(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (lastLines)
        {
            lastLines.Enqueue(line.Trim());
            if (lastLines.Count > LastLines)
                lastLines.Dequeue();
        }
    }
}
