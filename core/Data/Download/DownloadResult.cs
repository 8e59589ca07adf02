namespace MedTransfer.Data;

/// <summary>A file that is there, or why its server could not be reached; one of the two is null.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Unreachable">One line: no name, no connection, no encryption, and what to do about it.</param>
public sealed record DownloadResult(string? Path, string? Unreachable);
