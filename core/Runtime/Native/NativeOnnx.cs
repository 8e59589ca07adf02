using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MedTransfer.Runtime.Native;

/// <summary>Loads ONNX Runtime's native library into the process, once, from where the package was restored; libtorch may be there already, or come after it.</summary>
internal static class NativeOnnx
{
    private const string Package = "microsoft.ml.onnxruntime", Library = "onnxruntime";

    private static readonly Lazy<string> Loaded = new(LoadOnce, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Version of ONNX Runtime, such as 1.31.1, which is loaded: before first use of any of its classes.</summary>
    /// <exception cref="MedTransferException">The library is missing or does not load.</exception>
    public static string Load() => Loaded.Value;

    private static string LoadOnce()
    {
        var folder = PackageFiles.NativeFolder(Package) ?? throw new MedTransferException(
            $"The native libraries of '{Package}' for {PackageFiles.PlatformName} are not in the package folder: run 'dotnet fsi build.fsx -t Restore' and build again.");
        var file = Path.Combine(folder, PackageFiles.LibraryFile(Library));
        try
        {
            // its own search looks beside the assembly alone
            OrtEnv.DisableDllImportResolver = true;
            NativeLibrary.SetDllImportResolver(typeof(InferenceSession).Assembly, (name, _, _) => name.StartsWith(Library, StringComparison.Ordinal) ? NativeLibrary.Load(file) : 0);
            var environment = OrtEnv.Instance();
            environment.DisableTelemetryEvents();
            return environment.GetVersionString();
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw new MedTransferException($"{file} does not load: {e.GetBaseException().Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
