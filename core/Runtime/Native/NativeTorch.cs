using System.Runtime.InteropServices;

namespace MedTransfer.Runtime.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native library into the process, once, from where the packages were restored
/// (nothing is copied to outputs), or from a libtorch folder that the user names.
/// </summary>
public static class NativeTorch
{
    /// <summary>Environment variable that names another libtorch folder, such as one with CUDA: the folder that holds <c>libtorch_cpu</c>.</summary>
    public const string FolderVariable = "MEDTRANSFER_LIBTORCH";

    private static readonly Lazy<string> Loaded = new(LoadOnce, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The folder libtorch was loaded from.</summary>
    /// <exception cref="MedTransferException">A library is missing or does not load.</exception>
    public static string Load() => Loaded.Value;

    /// <summary>Version of the libtorch that is loaded, such as 2.10.0; null where it does not say.</summary>
    public static string? Version()
    {
        var library = Path.Combine(Load(), PackageFiles.LibraryFile("torch_cpu"));
        // C interface, torch/csrc/inductor/aoti_torch/c/shim.h: major, minor, patch from the highest byte
        if (!NativeLibrary.TryLoad(library, out var handle) || !NativeLibrary.TryGetExport(handle, "aoti_torch_abi_version", out var export))
            return null;
        var version = Marshal.GetDelegateForFunctionPointer<AbiVersion>(export)();
        return FormattableString.Invariant($"{version >> 56}.{version >> 48 & 255}.{version >> 40 & 255}");
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate ulong AbiVersion();

    private static string LoadOnce()
    {
        NativeProcess.PrepareForTorch();
        var libtorch = LibtorchFolder();
        foreach (var pattern in LoadOrder)
        {
            foreach (var file in Directory.GetFiles(libtorch, pattern).Order(StringComparer.Ordinal))
                LoadLibrary(file);
        }

        if (NativeLibrary.TryLoad(Path.Combine(libtorch, PackageFiles.LibraryFile("torch_cpu")), out var libtorchCpu))
        {
            Nnpack.SwitchOff(libtorchCpu);
            Cudnn.MakeDeterministic(libtorchCpu);
        }

        LoadBindings(Path.Combine(PackageFolder("torchsharp"), PackageFiles.LibraryFile("LibTorchSharp")));
        return libtorch;
    }

    /// <summary>Each before what needs it, so that the loader meets no unresolved dependency.</summary>
    private static string[] LoadOrder => OperatingSystem.IsWindows()
        ? ["libiomp5md.dll", "uv.dll", "asmjit.dll", "fbgemm.dll", "c10.dll", "torch_cpu.dll", "c10_cuda.dll", "torch_cuda.dll", "torch.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libomp.dylib", "libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"]
            : ["libgomp*.so*", "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    private static string LibtorchFolder()
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        if (string.IsNullOrEmpty(named))
            return PackageFolder("libtorch-cpu");
        string[] candidates = [named, Path.Combine(named, "lib")];
        return Array.Find(candidates, folder => File.Exists(Path.Combine(folder, PackageFiles.LibraryFile("torch_cpu"))))
            ?? throw new MedTransferException(
                $"{FolderVariable} is '{named}', but neither it nor its lib folder holds {PackageFiles.LibraryFile("torch_cpu")}: name the folder of a libtorch, or unset it.");
    }

    private static string PackageFolder(string package) => PackageFiles.NativeFolder(package) ?? throw new MedTransferException(
        $"The native libraries of '{package}' for {PackageFiles.PlatformName} are not in the package folder: run 'dotnet fsi build.fsx -t Restore' and build again, or set {FolderVariable}.");

    private static void LoadBindings(string file)
    {
        if (NativeLibrary.TryLoad(file, out _))
            return;
        if (!OperatingSystem.IsLinux() || !File.Exists(file))
        {
            LoadLibrary(file);
            return;
        }

        OlderLibstdcxx.LoadCompatible(file, LoadLibrary);
    }

    private static void LoadLibrary(string file)
    {
        try
        {
            NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new MedTransferException($"{file} does not load: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
