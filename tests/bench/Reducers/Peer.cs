using System.ComponentModel;
using System.Diagnostics;

namespace MedTransfer.Bench;

/// <summary>Other people's programs, where they are installed.</summary>
internal static class Peer
{
    internal static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);

    /// <summary>What the program printed; null where it is missing or failed.</summary>
    internal static string? Run(string program, IEnumerable<string> words, int threads = 1)
    {
        // Debian's own Python has Debian's packages, whatever is first on the path.
        if (program == "python3" && File.Exists("/usr/bin/python3")) program = "/usr/bin/python3";
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" }) start.Environment[name] = $"{threads}";
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var printed = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();
            return process.ExitCode == 0 ? printed : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
