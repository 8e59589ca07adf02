namespace MedTransfer.Runtime;

/// <summary>The <c>dotnet</c> program that this process runs under, whatever program started it.</summary>
public static class DotnetHost
{
    /// <summary>Its full path; where the runtime lies elsewhere than usual, the one that the system's search path finds.</summary>
    public static string Path
    {
        get
        {
            // shared/Microsoft.NETCore.App/10.x lies three folders below it
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            var runtime = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            var host = System.IO.Path.GetFullPath(System.IO.Path.Combine(runtime, "..", "..", "..", name));
            return File.Exists(host) ? host : name;
        }
    }
}
