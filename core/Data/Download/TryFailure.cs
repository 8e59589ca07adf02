namespace MedTransfer.Data;

/// <summary>What a failed try means for the next.</summary>
internal enum TryFailure
{
    /// <summary>No connection came about, quickly: one more try may do.</summary>
    NoConnection,

    /// <summary>No connection within the limit: another try would cost as much again.</summary>
    ConnectTimeout,

    /// <summary>The connection broke off or the server is in trouble: what came is good, and a later try may bring more.</summary>
    Interrupted,

    /// <summary>What came before does not belong to what comes now.</summary>
    Mismatched,

    /// <summary>The answer will not change.</summary>
    Refused,
}
