using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MedTransfer.Bench;

/// <summary>BenchmarkDotNet on the inner loops, in this process: the project's build is not one it could repeat.</summary>
internal static class KernelsCommand
{
    internal static void Run(string[] words)
    {
        var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
        var config = DefaultConfig.Instance.AddJob(job).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "BenchmarkDotNet"));
        BenchmarkSwitcher.FromAssembly(typeof(KernelsCommand).Assembly).Run(words.Length > 0 ? words : ["--filter", "*"], config);
    }
}
