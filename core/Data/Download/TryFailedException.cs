namespace MedTransfer.Data;

/// <summary>One try to fetch a file failed; whether another follows is decided elsewhere.</summary>
/// <param name="reason">A clause without a full stop.</param>
internal sealed class TryFailedException(TryFailure failure, string reason, Exception? inner = null) : Exception(reason, inner)
{
    public TryFailure Failure => failure;

    /// <summary>The wait the server asked for; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
