namespace MedTransfer.Data;

/// <summary>What a download is doing.</summary>
public enum DownloadStage
{
    /// <summary>Another process fetches the same file; its end is awaited.</summary>
    WaitingForOther,

    /// <summary>About to connect; said once, before anything is sent.</summary>
    Starting,

    /// <summary>Bytes arrive.</summary>
    Receiving,

    /// <summary>A try failed, another follows.</summary>
    Retrying,

    /// <summary>All bytes are here; their MD5 is computed.</summary>
    Checking,

    /// <summary>The file has its name.</summary>
    Done,
}
