using System.Diagnostics;
using MedTransfer.Recipes;

namespace MedTransfer.Tests.Scripts;

/// <summary>dotnet as users start it.</summary>
internal static class DotnetProcess
{
    /// <summary>In the project's folder.</summary>
    /// <param name="input">What is typed into it.</param>
    public static (int Code, string Output, string Error) Run(string input, params string[] words) => RunIn(Folder.project, input, words);

    public static (int Code, string Output, string Error) RunIn(string folder, string input, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words)
        {
            WorkingDirectory = folder,
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
