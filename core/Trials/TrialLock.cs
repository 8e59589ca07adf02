namespace MedTransfer.Trials;

/// <summary>Keeps two runs at the same time from training the same trial twice. The system lets go of it when its process dies.</summary>
internal static class TrialLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until no other process trains the trial; the trial may be done by then.</summary>
    /// <param name="path">A file in the trial's folder, there while it is held.</param>
    /// <returns>What to dispose of when the trial is over.</returns>
    public static IDisposable Wait(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (cancellation.WaitHandle.WaitOne(Pause))
                    throw new OperationCanceledException(cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new MedTransferException($"{path} can't be made: {e.Message.TrimEnd('.')}; name another folder with --out.", e);
            }
        }
    }
}
