using System.Diagnostics;
using MedTransfer.Models;
using MedTransfer.Runtime;

namespace MedTransfer.Tests.Runtime;

/// <summary>What the worker program answered.</summary>
internal sealed record ChildProcess(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs <c>dotnet MedTransfer.dll</c> with these arguments, under the runtime of this process.</summary>
    public static async Task<ChildProcess> Worker(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [typeof(Classifier).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }
}
