using System.Runtime.InteropServices;

namespace MedTransfer.Runtime.Native;

/// <summary>Settings of the C runtime that libtorch reads when it is loaded; .NET's own environment does not reach it.</summary>
internal static partial class NativeProcess
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>
    /// Waiting threads sleep instead of spinning (two spinning threads on a busy machine run at a tenth of the speed), and
    /// the allocator keeps the blocks a batch frees for the next batch. Neither changes a result.
    /// </summary>
    public static void PrepareForTorch()
    {
        if (!OperatingSystem.IsLinux())
            return;
        SetUnlessSet("OMP_WAIT_POLICY", "PASSIVE");
        SetUnlessSet("GOMP_SPINCOUNT", "0");
        _ = MallOpt(MmapThreshold, 1 << 30);
        _ = MallOpt(TrimThreshold, 1 << 30);
    }

    private static void SetUnlessSet(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
            _ = SetEnv(name, value, 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallOpt(int parameter, int value);
}
