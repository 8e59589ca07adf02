using MedTransfer.Data;

namespace MedTransfer.Tests.Data.Phantoms;

/// <summary>Both sets, drawn once for all tests that look at whole sets.</summary>
public sealed class DrawnSets : IDisposable
{
    private static readonly DataFolders NoFolders = new([]);

    public Dataset Chest { get; } = DatasetSource.Find("phantom-chest", NoFolders).Load();

    public Dataset Pneumonia { get; } = DatasetSource.Find("phantom-pneumonia", NoFolders).Load();

    public Dataset this[PhantomKind kind] => kind == PhantomKind.Chest ? Chest : Pneumonia;

    public void Dispose()
    {
        Chest.Dispose();
        Pneumonia.Dispose();
    }
}
