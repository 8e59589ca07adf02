using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Phantoms;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Phantoms;

[Collection<DrawnSets>]
public sealed class PhantomSourceTests(DrawnSets sets)
{
    private static readonly DataFolders NoFolders = new([]);

    [Theory]
    [InlineData("phantom-chest", PhantomKind.Chest, 28)]
    [InlineData("Phantom-Chest_64", PhantomKind.Chest, 64)]
    [InlineData("phantom-pneumonia_224", PhantomKind.Pneumonia, 224)]
    [InlineData("phantom:phantom-pneumonia_128", PhantomKind.Pneumonia, 128)]
    public void Name_or_path_is_found_without_any_file(string reference, PhantomKind kind, int size) =>
        Assert.Equal(new Phantom(kind, size), DatasetSource.Find(reference, NoFolders).Phantom);

    [Fact]
    public void Source_is_found_again_by_its_path_and_says_that_it_is_drawn()
    {
        var source = DatasetSource.Find("phantom-chest_64", NoFolders);

        Assert.Equal(("phantom-chest_64", "phantom:phantom-chest_64", true), (source.Name, source.Path, source.IsPhantom));
        // printf 'phantom-chest_64 v1 seed 1' | md5sum
        Assert.Equal("844cf0882afd8c2b543a40951714888a", source.Md5);
        Assert.Equal(source, DatasetSource.Find(source.Path, NoFolders));
    }

    [Fact]
    public void Seed_and_size_and_set_each_change_the_digest()
    {
        Phantom[] phantoms =
        [
            new(PhantomKind.Chest, 28), new(PhantomKind.Chest, 29), new(PhantomKind.Pneumonia, 28), new(PhantomKind.Chest, 28) { Seed = 2 },
        ];

        Assert.Equal(4, phantoms.Select(phantom => phantom.Digest).Distinct().Count());
    }

    [Theory]
    [InlineData("phantom-ches")]
    [InlineData("phantom-chest_27")]
    [InlineData("phantom-chest_225")]
    [InlineData("phantom-chest_64px")]
    [InlineData("phantom-chest_+64")]
    [InlineData("phantom-chestnut")]
    [InlineData("phantom:")]
    public void Unknown_phantom_is_refused_with_the_list(string reference)
    {
        var error = Assert.Throws<MedTransferException>(() => DatasetSource.Find(reference, NoFolders));

        Assert.Contains($"'{reference}' is no phantom", error.Message, StringComparison.Ordinal);
        Assert.Contains("phantom-chest and phantom-pneumonia", error.Message, StringComparison.Ordinal);
        Assert.Contains("28 pixels, and of any size up to 224", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_no_phantoms()
    {
        using var folder = new TemporaryFolder();
        DatasetFile.Write(folder["phantom-chest.npz"], DatasetFile.Binary());

        Assert.False(DatasetSource.Find(folder["phantom-chest.npz"], NoFolders).IsPhantom);
    }

    [Fact]
    public void Loaded_phantom_says_that_it_is_drawn_and_keeps_saying_so()
    {
        using var binary = sets.Chest.Binarised();

        Assert.True(sets.Chest.Info.IsPhantom);
        Assert.True(binary.Info.IsPhantom);
        Assert.Equal(DatasetSource.Find("phantom-chest", NoFolders).Md5, sets.Chest.Digest);
    }
}
