using System.Globalization;

namespace MedTransfer.Bench;

/// <summary>The most memory of its own that this process has while this lives, looked at every 20 ms: what is not a file's, as Linux counts it (<c>RssAnon</c>).</summary>
internal sealed class AnonymousMemory : IDisposable
{
    private const string Status = "/proc/self/status";

    private readonly Timer timer;
    private long most;

    internal AnonymousMemory() => timer = new Timer(_ => Look(), null, 0, 20);

    /// <summary>MiB; 0 where the system does not tell.</summary>
    internal long Mebibytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref most) >> 10;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Look()
    {
        if (!File.Exists(Status) || File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("RssAnon", StringComparison.Ordinal)) is not { } line)
            return;
        var kibibytes = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        for (var seen = Interlocked.Read(ref most); kibibytes > seen; seen = Interlocked.Read(ref most))
            Interlocked.CompareExchange(ref most, kibibytes, seen);
    }
}
