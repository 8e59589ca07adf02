namespace MedTransfer.Data.Download;

/// <summary>How patient a download is. There is no limit on the whole: a large file over a slow line may take hours.</summary>
public sealed record DownloadOptions
{
    /// <summary>
    /// Tries in a row that may fail, at least 1; default 4. A try that brings 1 MiB more than any before it begins the count anew.
    /// </summary>
    public int Tries { get; init; } = 4;

    /// <summary>Wait after the first failure, doubled after each further one up to the longest; default 1 s.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Default 60 s; a server that asks for more (<c>Retry-After</c>) is not waited for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for the name, the connection and its encryption together; default 5 s.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection that brings no byte for so long is given up; default 30 s.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How waits between tries are spent; default <see cref="Task.Delay(TimeSpan, CancellationToken)"/>.</summary>
    public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;
}
