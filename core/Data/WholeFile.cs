namespace MedTransfer.Data;

/// <summary>Files that appear whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside <paramref name="path"/>, then renames: what was there before stays until the new file is complete.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var aside = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{path}: cannot be written ({FileErrors.Reason(error)})", error);
        }
        finally
        {
            if (File.Exists(aside)) File.Delete(aside);
        }
    }
}
