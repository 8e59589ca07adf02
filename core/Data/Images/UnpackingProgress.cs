using System.Diagnostics;

namespace MedTransfer.Data.Images;

/// <summary>How far the unpacking of a set is.</summary>
/// <param name="Name">What messages call the set.</param>
/// <param name="Path">The file into which it is unpacked.</param>
/// <param name="Bytes">Bytes that are there.</param>
/// <param name="Of">Bytes of the whole file.</param>
/// <param name="Left">Time to the end at the speed so far; null while nothing is known.</param>
public sealed record UnpackingProgress(UnpackingStage Stage, string Name, string Path, long Bytes, long Of, TimeSpan? Left);

/// <summary>What an unpacking is doing.</summary>
public enum UnpackingStage
{
    /// <summary>Another process unpacks the same set; its end is awaited.</summary>
    WaitingForOther,

    /// <summary>Said once, before the first byte.</summary>
    Starting,

    /// <summary>Images are written.</summary>
    Writing,

    /// <summary>The file has its name.</summary>
    Done,
}

/// <summary>Says how far an unpacking is, but not more often than anyone reads.</summary>
internal sealed class UnpackingReport(string name, string path, long of, Action<UnpackingProgress>? progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan last;

    public void Say(UnpackingStage stage, long bytes = 0) => progress?.Invoke(new(stage, name, path, bytes, of, Left(bytes)));

    public void Reached(long bytes)
    {
        if (clock.Elapsed - last < Interval) return;
        last = clock.Elapsed;
        Say(UnpackingStage.Writing, bytes);
    }

    private TimeSpan? Left(long bytes) => bytes > 0 ? clock.Elapsed * ((double)(of - bytes) / bytes) : null;
}
