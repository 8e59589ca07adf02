namespace MedTransfer.Tests.Runtime;

/// <summary>An empty folder of a test's own, deleted with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("medtransfer-").FullName;

    /// <summary>Names of the files in it, hidden ones too, in ordinal order.</summary>
    public IEnumerable<string?> Files =>
        Directory.EnumerateFiles(Path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
