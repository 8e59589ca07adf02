namespace MedTransfer.Data.Download;

/// <summary>Room on the disk, looked at before hours are spent on a file that does not fit.</summary>
internal static class FreeSpace
{
    /// <param name="total">Size of the whole file in bytes.</param>
    public static void Check(PartialFile part, long total, DownloadErrors errors)
    {
        var missing = total - part.Length;
        if (Available(part.Path) is { } free && free < missing)
        {
            throw errors.CannotWrite(part.Path, FormattableString.Invariant(
                $"{missing / 1e6:F1} MB are missing, {free / 1e6:F1} MB are free on the disk"));
        }
    }

    /// <summary>Bytes; null where the system does not say.</summary>
    private static long? Available(string path)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : Path.GetDirectoryName(path)!).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
