using System.Diagnostics;
using MedTransfer.Recipes;

namespace MedTransfer.Tests.Scripts;

/// <summary>dotnet as users start it, in the project's folder.</summary>
internal static class DotnetProcess
{
    /// <param name="input">What is typed into it.</param>
    public static (int Code, string Output, string Error) Run(string input, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words)
        {
            WorkingDirectory = Folder.project,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
