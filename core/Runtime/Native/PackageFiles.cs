using System.Reflection;
using System.Runtime.InteropServices;

namespace MedTransfer.Runtime.Native;

/// <summary>What is used of packages where they were restored, and is too large to copy to outputs: the build records where that is (Directory.Build.targets).</summary>
internal static class PackageFiles
{
    /// <summary>Files of weights of other projects that the build found in package folders.</summary>
    public static IReadOnlyList<string> Backbones => Recorded("BackboneFiles");

    /// <summary>A package's folder of native libraries for this platform; null where it isn't there.</summary>
    public static string? NativeFolder(string package)
    {
        var platform = Path.Combine("runtimes", PlatformName, "native");
        return Recorded("NativeFolders")
            .Select(Path.TrimEndingDirectorySeparator)
            .FirstOrDefault(folder => folder.EndsWith(platform, StringComparison.Ordinal)
                && folder.Contains($"{Path.DirectorySeparatorChar}{package}", StringComparison.OrdinalIgnoreCase)
                && Directory.Exists(folder));
    }

    /// <summary>The name of a native library's file on this platform.</summary>
    public static string LibraryFile(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>As packages name it: <c>linux-x64</c>.</summary>
    public static string PlatformName
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static string[] Recorded(string key) =>
        (typeof(PackageFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value ?? "")
            .Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
