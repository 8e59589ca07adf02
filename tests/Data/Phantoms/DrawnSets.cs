using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Phantoms;

namespace MedTransfer.Tests.Data.Phantoms;

/// <summary>Both sets, drawn once for all tests that look at whole sets.</summary>
[CollectionDefinition]
public sealed class DrawnSets : ICollectionFixture<DrawnSets>, IDisposable
{
    public Dataset Chest { get; } = DatasetSource.Find("phantom-chest", new DataFolders([])).Load();

    public Dataset Pneumonia { get; } = DatasetSource.Find("phantom-pneumonia", new DataFolders([])).Load();

    public Dataset this[PhantomKind kind] => kind == PhantomKind.Chest ? Chest : Pneumonia;

    public void Dispose()
    {
        Chest.Dispose();
        Pneumonia.Dispose();
    }
}
