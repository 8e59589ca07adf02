namespace MedTransfer.Runtime;

/// <summary>Room on a disk.</summary>
internal static class FreeSpace
{
    /// <summary>Bytes that this user may still write; null where the system does not say.</summary>
    /// <param name="folder">Where there is no such folder, the one that it would be made in.</param>
    public static long? Available(string folder)
    {
        try
        {
            var there = Path.GetFullPath(folder);
            while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } parent)
                there = parent;
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(there)! : there).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
