using System.Text.Json;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Phantoms;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Catalogue;

public sealed class DatasetSourceTests : IDisposable
{
    private readonly TemporaryFolder first = new(), second = new();

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private DataFolders Both => new([first.Path, second.Path]);

    [Fact]
    public void Dataset_that_another_process_found_is_found_again_without_its_digest_being_taken()
    {
        DatasetFile.Write(first["own.npz"], DatasetFile.Binary());
        var found = DatasetSource.Find(first["own.npz"], new DataFolders([]));
        var sent = JsonSerializer.Deserialize<DataPlace>(JsonSerializer.Serialize(found.Place))!;

        Assert.Equal(found, DatasetSource.At(sent));
        // whoever took it is believed
        Assert.Equal(("own", "0123"), (DatasetSource.At(sent with { Digest = "0123" }).Name, DatasetSource.At(sent with { Digest = "0123" }).Md5));
        Assert.Equal("chestmnist", DatasetSource.At(sent with { Digest = MedMnist.TryFind("chestmnist")!.Md5 }).Name);
        using var dataset = DatasetSource.At(sent).Load();
        Assert.Equal((12, found.Md5), (dataset.Train.Count, dataset.Digest));
    }

    [Fact]
    public void File_that_another_machine_found_is_known_by_its_bytes_alone()
    {
        DatasetFile.Write(first["own.npz"], DatasetFile.Binary());
        var place = DatasetSource.Find(first["own.npz"], new DataFolders([])).Place with { Machine = "elsewhere" };
        File.SetLastWriteTimeUtc(first["own.npz"], DateTime.UtcNow.AddDays(-1));   // as of a copy

        Assert.Equal(place.Digest, DatasetSource.At(place).Md5);
        File.AppendAllText(first["own.npz"], " ");
        Assert.Contains("own.npz: is another file than on elsewhere", Assert.Throws<MedTransferException>(() => DatasetSource.At(place)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Phantom_that_another_process_found_is_found_again_if_it_is_drawn_as_there()
    {
        var place = DatasetSource.Find("phantom-chest_64", new DataFolders([])).Place;

        Assert.Equal(new Phantom(PhantomKind.Chest, 64), DatasetSource.At(place).Phantom);
        Assert.Contains("is drawn otherwise", Assert.Throws<MedTransferException>(() => DatasetSource.At(place with { Digest = "0123" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]    // other length
    [InlineData(false)]   // other time
    public void File_that_changed_since_it_was_found_is_refused_here_and_in_another_process(bool length)
    {
        DatasetFile.Write(first["own.npz"], DatasetFile.Binary());
        var found = DatasetSource.Find(first["own.npz"], new DataFolders([]));
        var time = File.GetLastWriteTimeUtc(first["own.npz"]);
        if (length) File.AppendAllText(first["own.npz"], " ");
        File.SetLastWriteTimeUtc(first["own.npz"], length ? time : time.AddSeconds(1));

        foreach (var source in new[] { found, DatasetSource.At(found.Place) })
            Assert.Contains("own.npz: has changed since it was looked at first", Assert.Throws<MedTransferException>(() => source.Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Path_is_taken_as_it_is_and_named_by_its_stem()
    {
        DatasetFile.Write(second["mine.npz"], DatasetFile.Binary());

        var source = DatasetSource.Find(second["mine.npz"], new DataFolders([first.Path]));

        Assert.Equal(("mine", second["mine.npz"], null), (source.Name, source.Path, source.Entry));
        Assert.Matches("^[0-9a-f]{32}$", source.Md5);
    }

    [Fact]
    public void Digest_is_the_md5_of_the_bytes()
    {
        File.WriteAllText(first["a.npz"], "abc");

        // RFC 1321, A.5
        Assert.Equal("900150983cd24fb0d6963f7d28e17f72", DatasetSource.Find("a", Both).Md5);
    }

    [Fact]
    public void Name_is_found_in_the_first_folder_that_has_it()
    {
        File.WriteAllText(second["a.npz"], "a");
        Assert.Equal(second["a.npz"], DatasetSource.Find("a", Both).Path);

        File.WriteAllText(first["a.npz"], "a");
        Assert.Equal(first["a.npz"], DatasetSource.Find("a", Both).Path);
    }

    [Fact]
    public void Name_that_no_folder_has_is_null_to_those_who_ask() => Assert.Null(DatasetSource.TryFind("pneumoniamnist", Both));

    [Fact]
    public void Official_name_that_no_folder_has_is_an_error_with_folders_and_address()
    {
        var error = Assert.Throws<MedTransferException>(() => DatasetSource.Find("PneumoniaMNIST", Both));

        Assert.Contains("pneumoniamnist.npz is not here", error.Message, StringComparison.Ordinal);
        Assert.Contains(first.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(second.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("https://zenodo.org/records/10519652/files/pneumoniamnist.npz", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pnuemoniamnist", "nearest: pneumoniamnist,")]
    [InlineData("chestmnist_46", "nearest: chestmnist_64,")]
    [InlineData("BloodMist", "nearest: bloodmnist,")]
    public void Misspelt_name_is_an_error_with_the_nearest_names(string name, string nearest)
    {
        var error = Assert.Throws<MedTransferException>(() => DatasetSource.Find(name, Both));

        Assert.Contains(nearest, error.Message, StringComparison.Ordinal);
        Assert.Contains(first.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_under_an_official_name_with_other_bytes_is_refused_with_both_sums()
    {
        File.WriteAllText(first["pneumoniamnist.npz"], "abc");

        foreach (var reference in new[] { "pneumoniamnist", first["pneumoniamnist.npz"] })
        {
            var error = Assert.Throws<MedTransferException>(() => DatasetSource.Find(reference, Both));
            Assert.Contains("900150983cd24fb0d6963f7d28e17f72", error.Message, StringComparison.Ordinal);
            Assert.Contains("28209eda62fecd6e6a2d98b1501bb15f", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Name_of_a_file_that_is_not_here_is_looked_for_in_the_folders()
    {
        DatasetFile.Write(second["own.npz"], DatasetFile.Binary());

        Assert.Equal(second["own.npz"], DatasetSource.Find("own.npz", Both).Path);
        Assert.Throws<MedTransferException>(() => DatasetSource.Find("./own.npz", Both));
    }

    [Theory]
    [InlineData("missing.npz", "missing.npz: no such file, neither here nor in a folder of datasets (looked in ")]
    [InlineData("./missing", "no such file")]
    [InlineData("", "empty dataset name")]
    [InlineData(" ", "empty dataset name")]
    public void References_that_lead_nowhere_are_refused(string reference, string message) =>
        Assert.Contains(message, Assert.Throws<MedTransferException>(() => DatasetSource.Find(reference, Both)).Message, StringComparison.Ordinal);

    [Fact]
    public void Folder_under_a_datasets_name_is_refused()
    {
        Directory.CreateDirectory(first["a.npz"]);

        Assert.Contains("is a folder", Assert.Throws<MedTransferException>(() => DatasetSource.Find("a", Both)).Message, StringComparison.Ordinal);
    }
}
