using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Data.Reading;
using MedTransfer.Tests.Data.Import.Dicom;
using MedTransfer.Tests.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace MedTransfer.Tests.Data.Import;

public sealed class ImporterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Output => folder["my.npz"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Folder_per_class_becomes_a_set_with_the_names_of_the_folders()
    {
        Grey("ill/b.png", 30);
        Grey("ill/a.png", 20);
        Grey("well/c.png", 10);

        var set = Import();

        using var data = Load();
        Assert.Equal((LabelTask.BinaryClass, 1, 8, "my"), (data.Info.Task, data.Info.Channels, data.Info.ImageSize, data.Info.Name));
        Assert.Equal(["ill", "well"], data.Info.LabelNames);
        Assert.Equal([0, 0, 1], data.Train.Labels.Flat.ToArray());
        Assert.Equal([20, 30, 10], Enumerable.Range(0, 3).Select(image => data.Train.Images[image, 0, 3, 3].item<byte>()));
        Assert.Equal((0, 0), (data.Validation.Count, data.Test.Count));
        Assert.Null(data.Train.Groups);
        Assert.Equal((2, 1), (set.Card.Counts!["train"]["ill"], set.Card.Counts["train"]["well"]));
        Assert.Equal(new PixelOptions { ImageSize = 8 }.Describe(), DatasetCard.TryRead(Output)!.Pixels);
        Assert.Equal(["my.json", "my.npz"], folder.Files);
    }

    [Fact]
    public void Splits_that_the_folder_gives_are_kept()
    {
        foreach (var (split, count) in new[] { ("train", 3), ("val", 2), ("test", 1) })
        {
            for (var i = 0; i < count; i++)
            {
                Grey($"{split}/no/{i}.png", (byte)(10 * i));
                Grey($"{split}/yes/{i}.png", (byte)(10 * i + 5));
            }
        }

        Import();

        using var data = Load();
        Assert.Equal((6, 4, 2), (data.Train.Count, data.Validation.Count, data.Test.Count));
        Assert.StartsWith("--split makes splits, but the folder or its table gives its own", Refusal(new() { Shares = new(70, 10, 20) }), StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_that_are_made_keep_shares_of_classes_and_patients_and_equal_images_together()
    {
        for (var patient = 0; patient < 20; patient++)
        {
            for (var image = 0; image < 2; image++)
                Grey($"{(patient % 2 == 0 ? "no" : "yes")}/p{patient}_{image}.png", (byte)(10 * patient + image));
        }

        Put("no/p0_0.png", PictureBytes.GreyPng(4, [1, .. Enumerable.Repeat((byte)0, 15)]));
        Put("no/p40_0.png", PictureBytes.GreyPng(4, [1, .. Enumerable.Repeat((byte)0, 15)]));   // as p0's first
        var set = Import(new() { Shares = new(60, 20, 20), Listing = new() { Patient = "^.*/(p[0-9]+)_" } });

        using var data = Load();
        Assert.Equal(41, data.Train.Count + data.Validation.Count + data.Test.Count);
        Assert.All(new[] { data.Validation, data.Test }, split => Assert.InRange(split.Count, 8, 9));
        Assert.All(SplitNames.All, split => Assert.InRange(data.LabelCounts(split)[0] - data.LabelCounts(split)[1], -1, 1));
        var patients = SplitNames.All.Select(split => data[split].Groups!.Distinct().ToList()).ToList();
        Assert.Equal(20, patients.SelectMany(own => own).Distinct().Count());
        Assert.Equal(20, patients.Sum(own => own.Count));
        Assert.Contains("1 of 41 images equal another one, pixel by pixel; splits that were made keep them together.", set.Card.Notes!);
        Assert.Contains("1 patient shares such an image with another patient, and count as one with that.", set.Card.Notes!);
    }

    [Fact]
    public void Patients_have_the_same_numbers_in_every_import_and_others_with_another_secret()
    {
        Grey("no/anna_1.png", 1);
        Grey("yes/berta_1.png", 2);
        Grey("yes/anna_2.png", 3);
        var named = new ImportOptions { Listing = new() { Patient = "/([a-z]+)_" } };
        Import(named);
        using var first = Load();
        Import(named);
        using var second = Load();
        Import(named with { SaltPath = folder["other-salt"] });
        using var other = Load();

        Assert.Equal(first.Train.Groups, second.Train.Groups);
        Assert.Equal(first.Train.Groups![0], first.Train.Groups[1 + Array.IndexOf([.. first.Train.Groups[1..]], first.Train.Groups[0])]);
        Assert.Equal(2, first.Train.Groups.Distinct().Count());
        Assert.Empty(first.Train.Groups.Intersect(other.Train.Groups!));
        Assert.DoesNotContain("anna", File.ReadAllText(folder["my.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_can_not_be_read_are_left_out_or_end_it()
    {
        Grey("no/a.png", 1);
        Grey("yes/b.png", 2);
        Put("yes/c.png", [.. PictureBytes.GreyPng(4, new byte[16])[..20]]);

        var set = Import();

        var left = Assert.Single(set.LeftOut);
        Assert.Equal("yes/c.png", left.Name);
        Assert.Equal(1, Assert.Single(DatasetCard.TryRead(Output)!.LeftOut!).Value);
        Assert.DoesNotContain("c.png", File.ReadAllText(folder["my.json"]), StringComparison.Ordinal);
        Assert.Equal($"{Path.Combine(folder.Path, "images", "yes", "c.png")}: {left.Reason}", Refusal(new() { IsStrict = true }));
        File.Delete(Path.Combine(folder.Path, "images", "yes", "b.png"));
        Assert.Equal("No image of class 'yes' could be read: mend its files, or leave the class out.", Refusal());
    }

    [Fact]
    public void What_a_person_wrote_into_the_card_outlives_the_next_import()
    {
        Grey("no/a.png", 1);
        Grey("yes/b.png", 2);
        (Import().Card with { About = new() { Site = "Ward 5" }, Positive = "no" }).Write(Output);

        Assert.Equal(("Ward 5", "no"), (Import().Card.About!.Site, DatasetCard.TryRead(Output)!.Positive));

        File.WriteAllText(folder["my.json"], """{"mine": "settings"}""");
        var before = File.ReadAllBytes(Output);
        Assert.Contains("my.json: does not describe my.npz, wrong at $.mine, line 1: ", Refusal(), StringComparison.Ordinal);
        File.Delete(folder["my.json"]);
        Directory.CreateDirectory(folder["my.json"]);
        Assert.StartsWith($"{folder["my.json"]} is a folder, where what is known of the set is to be written: ", Refusal(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Output));
    }

    [Theory]
    [InlineData("benign", "malignant", null)]
    [InlineData("disease", "healthy", "disease")]
    [InlineData("Pneumonia", "normal", "Pneumonia")]
    [InlineData("control", "none", null)]
    public void Health_is_not_taken_for_the_positive_class(string first, string second, string? positive)
    {
        Grey($"{first}/a.png", 1);
        Grey($"{second}/b.png", 2);

        var set = Import();

        Assert.Equal(positive, set.Card.Positive);
        Assert.Equal(positive is not null, set.Card.Notes!.Any(note => note.StartsWith($"Sensitivity and its like are of '{positive}'", StringComparison.Ordinal)));
        if (positive is null)
            return;
        (set.Card with { Positive = second }).Write(Output);
        Assert.DoesNotContain(Import().Card.Notes!, note => note.StartsWith("Sensitivity", StringComparison.Ordinal));
    }

    [Fact]
    public void Splits_that_lack_a_class_are_refused_before_any_file_is_read()
    {
        Grey("train/a/1.png", 1);
        Grey("train/b/2.png", 2);
        Put("test/a/3.png", []);

        Assert.StartsWith("All images of test are of class 'a', so that nothing can be told apart there: ", Refusal(), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder.Path, "images", "train", "b", "2.png"));
        Grey("test/b/2.png", 2);
        Assert.StartsWith("No image of train is of class 'b', which another split has: ", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_of_series_are_counted_and_one_id_for_all_is_no_patient()
    {
        for (var image = 0; image < 6; image++)
        {
            var file = DicomBytes.Of("MONOCHROME2", 4, 4, 8).Text(0x0010_0020, "LO", "ANONYMOUS").Text(0x0020_000D, "UI", $"1.{image / 2}").Text(0x0020_000E, "UI", $"2.{image / 2}");
            Put($"{(image < 3 ? "no" : "yes")}/{image}.dcm", file.Pixels(8, [.. Enumerable.Range(0, 16).Select(pixel => pixel == image ? 200 : pixel * 7)]).File());
        }

        var set = Import();

        Assert.Equal(3, set.Patients);
        Assert.Contains("All files have one PatientID, as where names were taken out: each study counts as a patient.", set.Card.Notes!);
        Assert.Contains("6 of 6 images are of DICOM series that have several, such as the slices of a scan (3 in all): each counts as an image.", set.Card.Notes!);
        Assert.DoesNotContain("ANONYMOUS", File.ReadAllText(folder["my.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_of_a_table_keep_what_is_missing_and_uncertain()
    {
        Grey("a.png", 1);
        Grey("b.png", 2);
        Grey("c.png", 3);
        File.WriteAllLines(Path.Combine(folder.Path, "images", "labels.csv"), ["file,mass,edema", "a.png,1,", "b.png,0,-1", "c.png,1,1"]);

        Import();

        using var data = DatasetSource.Find(Output, new DataFolders([])).Load(uncertain: 0);
        Assert.Equal((LabelTask.MultiLabel, "mass, edema"), (data.Info.Task, string.Join(", ", data.Info.LabelNames)));
        Assert.Equal([1, Labels.Missing, 0, 0, 1, 1], data.Train.Labels.Flat.ToArray());
    }

    [Fact]
    public void Grey_images_among_coloured_ones_become_red_green_and_blue()
    {
        Grey("no/a.png", 7);
        Put("yes/b.png", PictureBytes.Encode(new PngEncoder(), 2, new Rgb24(1, 2, 3), new Rgb24(1, 2, 3), new Rgb24(1, 2, 3), new Rgb24(1, 2, 3)));

        var set = Import();

        using var data = Load();
        Assert.Equal((3, 3), (set.Channels, data.Info.Channels));
        Assert.Equal([7, 7, 7, 1, 2, 3], Enumerable.Range(0, 6).Select(value => data.Train.Images[value / 3, value % 3, 4, 4].item<byte>()));
        Assert.Contains("1 of 2 images are grey among coloured ones: grey became red, green and blue.", set.Card.Notes!);
    }

    [Fact]
    public void What_was_there_stays_where_an_import_fails_or_is_stopped()
    {
        Grey("no/a.png", 1);
        Grey("yes/b.png", 2);
        Import();
        var before = File.ReadAllBytes(Output);
        using var stop = new CancellationTokenSource();
        Grey("yes/c.png", 3);

        Assert.ThrowsAny<OperationCanceledException>(() => new Importer(Options(new())).Run(Path.Combine(folder.Path, "images"), Output, _ => stop.Cancel(), stop.Token));

        Assert.Equal(before, File.ReadAllBytes(Output));
        Assert.Equal(["my.json", "my.npz"], folder.Files);
    }

    [Fact]
    public void Folder_is_imported_once_and_anew_where_a_file_or_an_option_changed()
    {
        Grey("no/a.png", 1);
        Grey("yes/b.png", 2);
        var times = 0;
        string Once(ImportOptions options, Action<ImportedSet>? told) =>
            new Importer(Options(options) with { SaltPath = folder["salt"] }).RunOnce(Path.Combine(folder.Path, "images"), folder["kept"], imported: told, cancellation: TestContext.Current.CancellationToken);

        var first = Once(new(), null);
        Assert.True(File.Exists(first));
        Assert.Equal("images.npz", Path.GetFileName(first));
        // which file each image was stays beside the set
        Assert.Equal(["no/a.png", "yes/b.png"], NameLists.TryRead(first, SplitName.Train));
        Assert.Equal([], NameLists.TryRead(first, SplitName.Test));
        Assert.Null(NameLists.TryRead(folder["elsewhere.npz"], SplitName.Train));
        Assert.Equal(first, Once(new(), _ => times++));
        Assert.Equal(0, times);
        var inverted = Once(new() { Pixels = new() { Invert = Invert.All } }, _ => times++);
        Grey("yes/b.png", 3);
        var changed = Once(new(), _ => times++);

        Assert.Equal((3, 2), (new[] { first, inverted, changed }.Distinct().Count(), times));
    }

    [Theory]
    [InlineData(40, 64, 40)]   // as most are
    [InlineData(40, 32, 32)]
    [InlineData(12, 64, 28)]
    public void Images_are_not_enlarged_where_that_is_not_asked_for(int side, int most, int expected)
    {
        foreach (var (name, own) in new[] { ("no/a.png", side), ("no/b.png", side), ("yes/c.png", side), ("yes/d.png", 2 * side), ("yes/e.png", 8) })
            Put(name, PictureBytes.GreyPng(own, [.. Enumerable.Range(0, own * own).Select(pixel => (byte)(pixel * name[^5]))]));
        var options = new ImportOptions { Pixels = new() { ImageSize = most }, Enlarges = false, Threads = 1, SaltPath = folder["salt"] };

        var set = new Importer(options).Run(Path.Combine(folder.Path, "images"), Output, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(expected, set.ImageSize);
        Assert.StartsWith($"{expected} x {expected} pixels", set.Card.Pixels, StringComparison.Ordinal);
        Assert.Equal(options.Pixels with { ImageSize = expected }, DatasetCard.TryRead(Output)!.PixelOptions);
        Assert.Equal(expected, Load().Info.ImageSize);
    }

    [Fact]
    public void Images_that_are_all_one_picture_are_refused()
    {
        foreach (var name in new[] { "ill/a.png", "ill/b.png", "well/c.png" }) Shaded(name, 20);
        Assert.Equal("All 3 images are the same, pixel by pixel, 'ill/a.png' to 'well/c.png': look at how they were saved.", Refusal());
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Equal_images_are_told_by_their_first_names_and_the_first_five_of_their_groups()
    {
        // six of the first value, two each of five others, and one that is like none
        for (var i = 0; i < 6; i++) Shaded($"ill/a{i}.png", 1);
        for (var value = 2; value <= 6; value++)
        {
            Shaded($"ill/b{value}.png", (byte)value);
            Shaded($"well/c{value}.png", (byte)value);
        }

        Shaded("well/d.png", 99);
        Assert.Equal(
            "Equal images: 'ill/a0.png' = 'ill/a1.png' = 'ill/a2.png' = 'ill/a3.png' and 2 more, 'ill/b2.png' = 'well/c2.png', 'ill/b3.png' = 'well/c3.png', 'ill/b4.png' = 'well/c4.png', 'ill/b5.png' = 'well/c5.png', ...",
            Import().Details[^1]);
    }

    private static ImportOptions Options(ImportOptions options) => options with { Pixels = options.Pixels with { ImageSize = 8 }, Threads = 1 };

    private ImportedSet Import(ImportOptions? options = null)
    {
        var asked = Options(options ?? new());
        return new Importer(asked with { SaltPath = asked.SaltPath ?? Path.Combine(Directory.CreateDirectory(folder["secret"]).FullName, "salt") })
            .Run(Path.Combine(folder.Path, "images"), Output, cancellation: TestContext.Current.CancellationToken);
    }

    private string Refusal(ImportOptions? options = null) => Assert.Throws<MedTransferException>(() => Import(options)).Message;

    private Dataset Load() => DatasetSource.Find(Output, new DataFolders([])).Load();

    private void Grey(string name, byte value) => Put(name, PictureBytes.GreyPng(4, [.. Enumerable.Repeat(value, 16)]));

    /// <summary>No two values give one picture, once its brightness is stretched.</summary>
    private void Shaded(string name, byte value) => Put(name, PictureBytes.GreyPng(4, [.. Enumerable.Range(0, 16).Select(pixel => (byte)(pixel == 15 ? 255 : pixel == 0 ? 0 : value * 2))]));

    private void Put(string name, byte[] bytes)
    {
        var path = Path.Combine(folder.Path, "images", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
